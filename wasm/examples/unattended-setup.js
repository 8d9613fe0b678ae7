/**
 * Images that answer the questions of an installer.
 *
 *     node unattended-setup.js windows answers.iso      autounattend.xml for the setup of Windows
 *     node unattended-setup.js debian answers.iso       preseed.cfg for the installer of Debian
 *     node unattended-setup.js fedora answers.iso       ks.cfg for Anaconda: Fedora, RHEL and their kin
 *
 * Give it to the machine as a second CD. The setup of Windows looks for autounattend.xml on every drive; Anaconda looks for
 * ks.cfg on a volume named OEMDRV; the installer of Debian is told by `preseed/file=/media/preseed.cfg`, or by its menu.
 */
import { buildImage } from 'discwright';

const [system, target] = process.argv.slice(2);

const windows = `<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend">
  <settings pass="oobeSystem">
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64"
               publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
      <OOBE>
        <HideEULAPage>true</HideEULAPage>
        <ProtectYourPC>3</ProtectYourPC>
      </OOBE>
      <TimeZone>UTC</TimeZone>
    </component>
  </settings>
</unattend>
`;

const debian = `d-i debian-installer/locale string en_US
d-i netcfg/get_hostname string machine
d-i partman-auto/method string lvm
d-i pkgsel/include string openssh-server
`;

const fedora = `lang en_US.UTF-8
keyboard us
timezone UTC --utc
rootpw --lock
autopart
reboot
%packages
@core
%end
`;

/** What each installer looks for: a file of this name, in a volume of this name. */
const SYSTEMS = {
  // UDF and Joliet both keep the name as Windows looks for it; drivers of any length may stand beside it.
  windows: { volumeId: 'UNATTEND', files: { 'autounattend.xml': windows.replaceAll('\n', '\r\n') } },
  debian: { volumeId: 'PRESEED', files: { 'preseed.cfg': debian } },
  fedora: { volumeId: 'OEMDRV', files: { 'ks.cfg': fedora } },
};

if (target === undefined || !(system in SYSTEMS)) {
  throw new Error(`usage: node unattended-setup.js ${Object.keys(SYSTEMS).join('|')} TARGET`);
}
const { volumeId, files } = SYSTEMS[system];
const image = await buildImage(files, { volumeId });
await image.writeTo(target);
console.log(`${target}: ${image.size} bytes`);
