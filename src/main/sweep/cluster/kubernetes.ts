/**
 * A sweep as an Indexed Job of Kubernetes, for the user's own `kubectl`: index i trains run i. One that is evicted or
 * preempted starts again and counts for nothing; one that could not begin or diverged (2, 3) is not tried again.
 * https://kubernetes.io/docs/concepts/workloads/controllers/job/: completion mode, pod failure policy, backoff per index.
 */
import { shellWord } from "./shell-word";

export interface KubernetesOptions {
  image: string;
  /** The volume claim that holds the library. */
  claim: string;
  /** Where the library lies in the container. */
  library: string;
  namespace: string | null;
  /** At most so many runs at once. */
  parallel: number;
  /** Processor cores, such as `2` or `500m`. */
  cpu: string;
  /** Such as `4Gi`. */
  memory: string;
  /** NVIDIA's GPUs for each run. */
  gpus: number;
}

/** Seconds that a run has to save itself in. */
const grace = 90;
/** How often an index is tried again after a failure of its machine or ours. */
const retries = 3;

/** `batch/v1 Job`, as `kubectl apply` takes it. `name` is the sweep's. */
export function kubernetesJob(
  name: string,
  count: number,
  options: KubernetesOptions,
) {
  const { claim, cpu, gpus, image, library, memory, namespace } = options;
  const resources = {
    cpu,
    memory,
    ...(gpus > 0 && { "nvidia.com/gpu": String(gpus) }),
  };
  const command = `exec gan-workbench sweep run ${name} "$JOB_COMPLETION_INDEX" --library ${shellWord(library)} --json`;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: kubernetesName(name),
      ...(namespace !== null && { namespace }),
    },
    spec: {
      completionMode: "Indexed",
      completions: count,
      parallelism: Math.min(options.parallel, count),
      backoffLimitPerIndex: retries,
      maxFailedIndexes: count,
      podFailurePolicy: {
        rules: [
          {
            action: "Ignore",
            onPodConditions: [{ type: "DisruptionTarget", status: "True" }],
          },
          {
            action: "FailIndex",
            onExitCodes: {
              containerName: "train",
              operator: "In",
              values: [2, 3],
            },
          },
        ],
      },
      template: {
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: grace,
          containers: [
            {
              name: "train",
              image,
              command: ["sh", "-c", command],
              resources: { requests: resources, limits: resources },
              volumeMounts: [{ name: "library", mountPath: library }],
            },
          ],
          volumes: [
            { name: "library", persistentVolumeClaim: { claimName: claim } },
          ],
        },
      },
    },
  };
}

/** RFC 1123: small letters, digits and dashes, at most 63, of which a pod's index takes some. */
function kubernetesName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .slice(0, 50);
  return `gan-${plain}`.replace(/-+$/, "");
}
