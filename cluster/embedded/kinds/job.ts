import { isDeepStrictEqual } from 'node:util';
import { ageColumn, column, humanDuration, nameColumn, selectorText, templateColumns } from './columns.ts';
import type { FieldErrors } from './field-errors.ts';
import { defineKind } from './kind.ts';
import { defaultTemplate } from './pod-spec/defaults.ts';
import { validateWorkload } from './pod-spec/template.ts';
import type { Job } from './types.ts';

/** By which a Job and its pods know each other, and the older names of the same. */
const UID_LABELS = ['batch.kubernetes.io/controller-uid', 'controller-uid'];
const NAME_LABELS = ['batch.kubernetes.io/job-name', 'job-name'];

export const job = defineKind<Job>({
  group: 'batch',
  kind: 'Job',
  categories: ['all'],
  namespaced: true,
  orphansWith:
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  status: true,
  generation: true,
  fields: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
  columns: [
    nameColumn,
    column('Status', state),
    column('Completions', completions),
    column('Duration', ({ status }, now) => {
      if (!status?.startTime) return '';
      const end = status.completionTime ? Date.parse(status.completionTime) : now;
      return humanDuration((end - Date.parse(status.startTime)) / 1000);
    }),
    ageColumn,
    ...templateColumns<Job>(({ spec }) => spec?.template.spec),
    column('Selector', ({ spec }) => selectorText(spec?.selector), true),
  ],

  defaults({ spec, metadata }) {
    if (!spec) return;
    if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
    spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
    defaultTemplate(spec);
    // As upstream: a Job without labels of its own has its template's.
    const labels = spec.template?.metadata?.labels;
    if (labels && !metadata.labels) metadata.labels = { ...labels };
  },

  onCreate(draft) {
    draft.status = {};
    const { spec, metadata } = draft;
    if (!spec?.template || spec.manualSelector) return;
    const uid = metadata.uid!;
    const own = Object.fromEntries([
      ...UID_LABELS.map((label) => [label, uid] as const),
      ...NAME_LABELS.map((label) => [label, metadata.name] as const),
    ]);
    spec.template.metadata ??= {};
    const isTemplates = isDeepStrictEqual(metadata.labels, spec.template.metadata.labels);
    spec.template.metadata.labels = { ...spec.template.metadata.labels, ...own };
    if (isTemplates) metadata.labels = { ...spec.template.metadata.labels };
    spec.selector ??= {};
    spec.selector.matchLabels = { ...spec.selector.matchLabels, [UID_LABELS[0]!]: uid };
  },

  validate({ spec, metadata }, errors) {
    validateWorkload(spec, errors, { restartPolicies: ['OnFailure', 'Never'] });
    if (!spec) return;
    validateFailurePolicy(spec, errors);
    if (spec.completionMode !== 'Indexed' && spec.backoffLimitPerIndex !== undefined) {
      const detail = 'requires indexed completion mode';
      errors.invalid('spec.backoffLimitPerIndex', spec.backoffLimitPerIndex, detail);
    }
    if (spec.completionMode !== 'Indexed') return;
    if (spec.completions === undefined) {
      errors.required('spec.completions', 'when completion mode is Indexed');
    }
    const longest = `${metadata.name}-${(spec.completions ?? 1) - 1}`;
    if (longest.length > 63) errors.invalid('metadata.name', metadata.name, 'must be no more than 63 characters');
  },

  validateUpdate({ spec }, old, errors) {
    const elastic = spec?.completionMode === 'Indexed' && spec.completions === spec.parallelism;
    for (const field of ['completions', 'selector', 'completionMode', 'template'] as const) {
      // An Indexed Job may grow and shrink with its parallelism; the template of one that has not begun is free.
      if (field === 'completions' && elastic) continue;
      if (field === 'template' && old.spec?.suspend && !old.status?.startTime) continue;
      errors.immutable(`spec.${field}`, spec?.[field], old.spec?.[field]);
    }
  },
});

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy */
function validateFailurePolicy(
  { podFailurePolicy, template, podReplacementPolicy }: NonNullable<Job['spec']>,
  errors: FieldErrors,
): void {
  if (!podFailurePolicy) return;
  if (template.spec?.restartPolicy !== 'Never') {
    errors.invalid(
      'spec.template.spec.restartPolicy',
      template.spec?.restartPolicy,
      "only 'Never' is supported when podFailurePolicy is specified",
    );
  }
  errors.oneOf('spec.podReplacementPolicy', podReplacementPolicy, ['Failed']);
  for (const [index, { onExitCodes, onPodConditions = [] }] of podFailurePolicy.rules.entries()) {
    const path = `spec.podFailurePolicy.rules[${index}]`;
    if (Boolean(onExitCodes) === onPodConditions.length > 0) {
      errors.invalid(path, {}, 'specifying one of OnExitCodes and OnPodConditions is required');
    }
    if (!onExitCodes) continue;
    const { operator, values } = onExitCodes;
    if (operator === 'In' && values.includes(0)) {
      errors.invalid(`${path}.onExitCodes.values[${values.indexOf(0)}]`, 0, 'must not be 0 for the In operator');
    }
  }
}

function state({ metadata, status }: Job): string {
  const has = (type: string) => status?.conditions?.some((one) => one.type === type && one.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (metadata.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function completions({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}
