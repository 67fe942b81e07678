/** The version of the Kubernetes API that this cluster follows: the server says it of itself, and kubelets of theirs. */
export const kubernetesVersion = 'v1.33.0';
