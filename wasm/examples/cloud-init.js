/**
 * A seed image for cloud-init, by which a virtual machine sets itself up at its first start.
 *
 *     node cloud-init.js seed.iso web-1 "ssh-ed25519 AAAA… me@example.org"
 *
 * Give it to the machine as a CD: `qemu-system-x86_64 … -cdrom seed.iso`. cloud-init finds the volume by its name, cidata.
 */
import { buildImage } from 'discwright';

const [target, hostname = 'machine', key = ''] = process.argv.slice(2);
if (target === undefined) {
  throw new Error('usage: node cloud-init.js TARGET [HOSTNAME] [SSH-KEY]');
}

const metaData = `instance-id: ${hostname}\nlocal-hostname: ${hostname}\n`;

const userData = `#cloud-config
users:
  - name: admin
    groups: [sudo]
    shell: /bin/bash
    sudo: ALL=(ALL) NOPASSWD:ALL
    ssh_authorized_keys: ${JSON.stringify(key === '' ? [] : [key])}
package_update: true
`;

const networkConfig = `version: 2
ethernets:
  all:
    match: { name: "e*" }
    dhcp4: true
`;

const image = await buildImage(
  { 'meta-data': metaData, 'user-data': userData, 'network-config': networkConfig },
  { volumeId: 'cidata', fileSystems: { udf: false } },
);
await image.writeTo(target);
console.log(`${target}: ${image.size} bytes`);
