import { statfsSync } from 'node:fs';

/** File systems that do not tell of changes made on another host: magic numbers of statfs(2). */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x65735546, 'FUSE'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x00c36400, 'Ceph'],
  [0x19830326, 'BeeGFS'],
  [0x5346414f, 'AFS'],
  [0x01021997, '9P'],
]);

/** The name of a network file system that holds `path`; undefined when it is local or not there. */
export function networkFileSystem(path: string): string | undefined {
  try {
    return NETWORK_FILE_SYSTEMS.get(statfsSync(path).type);
  } catch {
    return undefined;
  }
}
