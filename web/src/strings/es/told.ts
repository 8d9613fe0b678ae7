/** What the agent and the planner say in English, in Spanish. */
import type { Told } from '../told.ts';
import { quoted } from './words.ts';

export const told: Told = {
  failures: {
    driveUnavailable: [
      'Otro programa usa la unidad, o no se puede abrir.',
      'Cierre los demás programas que usan la unidad e inténtelo de nuevo.',
    ],
    driveNotReady: [
      'La unidad no dice qué disco contiene.',
      'Saque el disco, insértelo de nuevo e inténtelo otra vez.',
    ],
    driveFailed: [
      'La unidad no hizo lo que se le pidió.',
      'Inténtelo de nuevo, con otro disco si hace falta.',
    ],
    driveRefused: ['La unidad rechazó un paso.', 'Inténtelo de nuevo, con otro disco si hace falta.'],
    driveGone: [
      'La unidad se desconectó o se apagó.',
      'Conéctela de nuevo. Es posible que el disco se haya perdido.',
    ],
    driveReset: [
      'La unidad se reinició durante el trabajo.',
      'Inténtelo de nuevo. Es posible que el disco se haya perdido.',
    ],
    mediumRemoved: ['El disco se sacó durante el trabajo.', 'Insértelo de nuevo y vuelva a empezar.'],
    mediumBlank: ['No hay nada en este disco.', 'Inserte un disco que contenga datos.'],
    mediumNotErasable: ['Este disco no se puede borrar.', 'Inserte un disco regrabable.'],
    mediumNotFormattable: [
      'Este disco no se puede formatear así.',
      'Elija la otra forma de borrarlo o inserte otro disco.',
    ],
    writeFailed: ['La unidad no pudo escribir en el disco.', 'Inténtelo con otro disco, o más despacio.'],
    notRecorded: [
      'La unidad dice que grabó, pero el disco no lo muestra.',
      'Inténtelo con otro disco u otra unidad.',
    ],
    verificationFailed: [
      'El disco difiere de la imagen.',
      'No se fíe de este disco. Grabe otro, o más despacio.',
    ],
    readFailed: [
      'Una parte del disco no se puede leer.',
      'Limpie el disco e inténtelo de nuevo, u otra unidad.',
    ],
    readIncomplete: [
      'No se pudo leer todo el disco.',
      'La imagen contiene lo demás. Limpie el disco e inténtelo de nuevo.',
    ],
    sourceFailed: [
      'El agente no pudo leer la imagen.',
      'Compruebe el disco donde el agente guarda sus archivos y vuelva a empezar.',
    ],
    storeFailed: [
      'El agente no pudo guardar lo que leyó.',
      'Libere espacio en el disco donde guarda sus archivos e inténtelo de nuevo.',
    ],
    imageUnknown: ['El agente ya no tiene esa imagen.', 'Vuelva a empezar.'],
    imageChanged: [
      'La imagen que tiene el agente no es la que se le envió.',
      'Vuelva a empezar. Compruebe el disco donde el agente guarda sus archivos.',
    ],
    timeout: ['La unidad tardó demasiado en responder.', 'Inténtelo de nuevo.'],
    stopping: ['El agente se está cerrando.', 'Inícielo de nuevo e inténtelo otra vez.'],
    internal: [
      'Se produjo un error en el agente.',
      'Inténtelo de nuevo. Lo que ha escrito el agente dice más.',
    ],
  },
  plans: {
    invalidVolumeName: () => [
      'El disco no puede llamarse así.',
      'Elija otro nombre, de 32 caracteres como máximo.',
    ],
    noFileSystem: () => ['Un disco necesita un sistema de archivos.', 'Elija ISO 9660, UDF o ambos.'],
    fileTooLarge: (path: string) => [
      `${quoted(path)} es más grande de lo que admite uno de los sistemas de archivos.`,
      'Quite ese sistema de archivos o el archivo.',
    ],
    invalidDate: (path: string) => [
      path === ''
        ? 'Un disco no puede guardar la fecha del volumen.'
        : `Un disco no puede guardar la fecha de ${quoted(path)}.`,
      'Elija otra fecha.',
    ],
    invalidName: (path: string) => [
      path === ''
        ? 'Un disco no puede guardar ese nombre.'
        : `Un disco no puede guardar el nombre de ${quoted(path)}.`,
      'Elija otro nombre.',
    ],
    tooManyDirectories: () => [
      'Hay más carpetas de las que admite ISO 9660.',
      'Use solo UDF o reparta las carpetas en varios discos.',
    ],
    directoryTooLarge: (path: string) => [
      `${quoted(path)} contiene más de lo que cabe en una carpeta.`,
      'Reparta su contenido en varias carpetas.',
    ],
    tooManyBlocks: () => [
      'La imagen sería más grande que cualquier disco.',
      'Reparta los archivos en varios discos.',
    ],
  },
  nameCauses: {
    characters: 'tiene caracteres que allí no se permiten',
    length: 'es más largo de lo que allí se permite',
    collision: 'otro nombre de la carpeta quedó igual',
    noSymlinks: 'allí no hay enlaces simbólicos',
    noSpecialFiles: 'allí no hay dispositivos, tuberías ni sockets',
    hidden: 'allí está oculto',
  },
  refused: 'No se puede escribir en este disco. El agente dice, en inglés:',
  asSaid: (text: string) => `Mensaje original, en inglés: ${quoted(text)}`,
};
