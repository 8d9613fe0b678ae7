/** Who reads a disc, in Spanish. */
import { form, items } from './words.ts';

export const advice = {
  advice: {
    title: 'Quién puede leerlo',
    all: 'Todos los sistemas siguientes lo leen entero.',
    some: (n: number) =>
      `${items(n, 'sistema', 'sistemas')} no ${form(n, { one: 'lo leerá', other: 'lo leerán' })} del todo como debe ser.`,
    unknown: 'Se indica en cuanto haya algo en el disco.',
    verdicts: { reads: 'lo lee', partly: 'con límites', no: 'no lo lee' },
    systems: {
      windows: 'Windows 7, 10 y 11',
      windowsXp: 'Windows XP',
      macos: 'macOS',
      linux: 'Linux',
      players: 'Reproductores de DVD y Blu-ray',
      old: 'Radios de coche, consolas y reproductores antiguos',
    },
    reasons: {
      noFileSystem: 'solo conoce ISO 9660.',
      newUdf: 'no conoce esta revisión de UDF.',
      shortNames: 'muestra nombres cortos en mayúsculas.',
      largeFiles: 'solo lee el principio de los archivos de 4 GB o más.',
      deep: 'puede no ver las carpetas por debajo del octavo nivel.',
      names: 'no puede abrir algunos nombres.',
      longPaths: 'no puede abrir algunos archivos: sus rutas son demasiado largas.',
    },
    turnOn: (system: string) => `Activar ${system}`,
    more: 'Qué más conviene saber',
  },
};
