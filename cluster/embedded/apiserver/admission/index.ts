import type { AdmissionPlugin } from './admission.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { privilegeEscalation } from './privilege-escalation.ts';
import { serviceAccountAdmission } from './service-account.ts';

/** Every rule, in the order they are asked in. */
export const admissionPlugins: AdmissionPlugin[] = [
  namespaceLifecycle,
  serviceAccountAdmission,
  defaultStorageClass,
  privilegeEscalation,
];
