import remarkGfm from 'remark-gfm';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import type { GuideNode } from '../../server/contract/lab.ts';
import { guideVocabulary } from './guide-vocabulary.ts';
import { LabError, type LabProblem } from './problem.ts';

const file = 'guide.mdx';
/** What Markdown may become on the page. */
const tags = new Set('p strong em del code pre ul ol li h2 h3 blockquote br table thead tbody tr th td a'.split(' '));
const elements = new Map(guideVocabulary.map((element) => [element.name, element]));
const mdxNodes = ['mdxJsxFlowElement', 'mdxJsxTextElement', 'mdxFlowExpression', 'mdxTextExpression', 'mdxjsEsm'];

interface SyntaxNode {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  name?: string | null;
  attributes?: { type: string; name: string; value: unknown }[];
  children?: SyntaxNode[];
  position?: { start: { line: number } };
}

/**
 * A guide as a tree that the page draws: text, tags of Markdown and elements of the vocabulary, with strings for attributes. Nothing in
 * it is code. Throws LabError for whatever else it holds.
 */
export function readGuide(lab: string, text: string): GuideNode[] {
  const problems: LabProblem[] = [];
  const processor = unified()
    .use([remarkParse, remarkMdx, remarkGfm])
    .use(remarkRehype, { passThrough: mdxNodes as never[] });
  let root: SyntaxNode;
  try {
    root = processor.runSync(processor.parse(text) as never) as SyntaxNode;
  } catch (cause) {
    const { reason, line } = cause as { reason?: string; line?: number };
    throw new LabError(lab, [{ file, line: line ?? 1, message: reason ?? String(cause) }]);
  }
  const tree = (root.children ?? []).flatMap((node) => convert(node, problems));
  if (problems.length > 0) throw new LabError(lab, problems);
  return tree.filter((node) => typeof node !== 'string' || node.trim() !== '');
}

function convert(node: SyntaxNode, problems: LabProblem[]): GuideNode[] {
  const line = node.position?.start.line ?? 1;
  const problem = (message: string) => void problems.push({ file, line, message });
  const children = () => (node.children ?? []).flatMap((child) => convert(child, problems));
  if (node.type === 'text') return [node.value ?? ''];
  if (node.type === 'mdxFlowExpression' || node.type === 'mdxTextExpression') {
    if ((node.value ?? '').trim().startsWith('/*')) return []; // a comment
    problem('a guide holds no code: take out what stands in braces');
    return [];
  }
  if (node.type === 'element' && node.tagName !== undefined) {
    if (!tags.has(node.tagName)) problem(`a guide has no <${node.tagName}>`);
    const href = node.properties?.['href'];
    const link = typeof href === 'string' && /^(https?:\/\/|\/)/.test(href) ? { href } : undefined;
    return [{ tag: node.tagName, line, props: link ?? {}, children: children() }];
  }
  if (node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement') {
    const known = elements.get(node.name ?? '');
    if (!known) {
      problem(`<${node.name ?? ''}> is not in the vocabulary; there are ${[...elements.keys()].join(', ')}`);
      return [];
    }
    const props: Record<string, string> = {};
    for (const { type, name, value } of node.attributes ?? []) {
      if (type !== 'mdxJsxAttribute' || ![...known.needs, ...known.may].includes(name))
        problem(
          `<${known.name}> has no ${name}; it has ${[...known.needs, ...known.may].join(', ') || 'no attributes'}`,
        );
      else if (value !== null && typeof value !== 'string') problem(`write ${name}="..." in quotes`);
      else props[name] = value ?? 'true';
    }
    for (const name of known.needs) if (props[name] === undefined) problem(`<${known.name}> needs ${name}="..."`);
    return [{ tag: known.name, line, props, children: children() }];
  }
  if (node.type === 'mdxjsEsm') problem('a guide imports and exports nothing');
  return [];
}
