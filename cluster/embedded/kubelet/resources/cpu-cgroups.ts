import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync, type Dirent } from 'node:fs';
import { dirname, join } from 'node:path';

/** Limits the CPU that processes get, as far as this machine lets us. */
export interface CpuCgroups {
  /** Why nothing is limited here; null where it is. */
  readonly unavailable: string | null;
  /**
   * Puts a process, with all that it will start, under a limit. Answers what to call when it has ended.
   *
   * @param name of the group, unique among those of this cluster
   * @param limit thousandths of a CPU
   */
  limit(name: string, pid: number, limit: number): () => void;
  /** Has another process share the limit of a group; where there is no such group it has none. */
  join(name: string, pid: number): void;
  /** Removes the groups of this cluster; those with processes stay. */
  close(): void;
}

/** As the kernel's default, and the kubelet's. */
const PERIOD_US = 100_000;
/** The least that the kernel takes, and more than any machine has; of what is beyond its own bound it says EINVAL. */
const LEAST_QUOTA_US = 1_000;
const MOST_QUOTA_US = 2 ** 40;
/** The last process of a group is in it until its parent has read its exit code. */
const retryMs = 200;
const retries = 10;

/** A place for groups, and how a limit is written there. */
interface Hierarchy {
  folder: string;
  /** Readies the folder for groups with limits. */
  prepare(folder: string): void;
  write(group: string, quotaUs: number): void;
}

/**
 * Finds a cgroup hierarchy (version 2, else 1) that we may write to, and removes what clusters that were killed have left there: a
 * group with processes stays.
 *
 * @param home BREAKWATER_HOME, absolute: it tells one cluster's groups from another's
 * @param root where cgroups are mounted
 */
export function openCpuCgroups(home: string, root = '/sys/fs/cgroup'): CpuCgroups {
  const name = `breakwater-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;
  for (const hierarchy of hierarchies(root)) {
    const folder = join(hierarchy.folder, name);
    for (const other of foldersIn(hierarchy.folder).filter((entry) => entry.name.startsWith('breakwater-'))) {
      removeGroups(join(hierarchy.folder, other.name));
    }
    try {
      mkdirSync(folder, { recursive: true });
      hierarchy.prepare(folder);
      const trial = join(folder, 'trial');
      mkdirSync(trial, { recursive: true });
      hierarchy.write(trial, PERIOD_US);
      rmdirSync(trial);
      return cgroupsIn(folder, hierarchy);
    } catch {
      // Not ours to write to. The next one may be.
      removeGroups(folder);
    }
  }
  return {
    unavailable: 'it has no cgroup that whoever runs the cluster may write to',
    limit: () => () => {},
    join: () => {},
    close: () => {},
  };
}

function cgroupsIn(folder: string, hierarchy: Hierarchy): CpuCgroups {
  return {
    unavailable: null,
    limit(name, pid, limit) {
      const group = join(folder, name);
      try {
        // Another cluster that has just started may have taken the folder away while nothing was in it.
        mkdirSync(folder, { recursive: true });
        hierarchy.prepare(folder);
        mkdirSync(group, { recursive: true });
        const quota = Math.round((limit * PERIOD_US) / 1000);
        hierarchy.write(group, Math.min(Math.max(LEAST_QUOTA_US, quota), MOST_QUOTA_US));
        writeFileSync(join(group, 'cgroup.procs'), String(pid));
      } catch (error) {
        // It may have ended already.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
      return () => removeSoon(group);
    },
    join(name, pid) {
      try {
        writeFileSync(join(folder, name, 'cgroup.procs'), String(pid));
      } catch (error) {
        // Without a limit there is no group; and the process, or the container, may have ended already.
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
      }
    },
    close: () => removeGroups(folder),
  };
}

/** Version 2 at our own place and above, where a system manager may have delegated one; then version 1. */
function hierarchies(root: string): Hierarchy[] {
  const lines = readOrEmpty('/proc/self/cgroup').trim().split('\n');
  const pathOf = (line: string | undefined) => line?.slice(line.indexOf(':', line.indexOf(':') + 1) + 1);
  const versionTwo: Hierarchy[] = placesAbove(root, pathOf(lines.find((line) => line.startsWith('0::')))).map(
    (folder) => ({
      folder,
      prepare(own) {
        for (const parent of [folder, own]) writeFileSync(join(parent, 'cgroup.subtree_control'), '+cpu');
      },
      write: (group, quotaUs) => writeFileSync(join(group, 'cpu.max'), `${quotaUs} ${PERIOD_US}`),
    }),
  );
  const cpu = lines.find((line) => line.split(':')[1]?.split(',').includes('cpu'));
  const versionOne: Hierarchy = {
    folder: join(root, 'cpu', pathOf(cpu) ?? ''),
    prepare: () => {},
    write(group, quotaUs) {
      writeFileSync(join(group, 'cpu.cfs_period_us'), String(PERIOD_US));
      writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quotaUs));
    },
  };
  return cpu === undefined ? versionTwo : [...versionTwo, versionOne];
}

/** The folders that have the cpu controller, from the innermost out: a group with processes of its own takes no groups with limits. */
function placesAbove(root: string, path: string | undefined): string[] {
  const places: string[] = [];
  for (let folder = join(root, path ?? ''); folder.startsWith(root) && path !== undefined; folder = dirname(folder)) {
    if (readOrEmpty(join(folder, 'cgroup.controllers')).split(/\s/).includes('cpu')) places.push(folder);
  }
  return places;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function removeSoon(group: string, left = retries): void {
  if (isRemoved(group) || left === 0) return;
  setTimeout(() => removeSoon(group, left - 1), retryMs).unref();
}

/** All groups below a folder, and the folder. */
function removeGroups(folder: string): void {
  for (const { name } of foldersIn(folder)) isRemoved(join(folder, name));
  isRemoved(folder);
}

/** None where there is no such folder, or none that we may read. */
function foldersIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  } catch {
    return [];
  }
}

function isRemoved(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
