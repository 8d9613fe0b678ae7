/** What can go wrong, and what to do, in Spanish. */
import { told } from './told.ts';
import { quoted } from './words.ts';

const NOTHING_WRITTEN = 'No se escribió nada.';
const NOT_AGREED = [
  'El disco de la unidad no es el que usted aceptó.',
  `${NOTHING_WRITTEN} Mire qué hay en la unidad y grabe de nuevo.`,
] as const;

export const problems = {
  problems: {
    title: 'No se pudo hacer',
    dismiss: 'Cerrar',
    fallbackTodo: 'Inténtelo de nuevo. Si vuelve a ocurrir, mire lo que ha escrito el agente.',
    sense: (key: number, asc: number, ascq: number) =>
      `La unidad respondió ${key.toString(16)}/${hex(asc)}/${hex(ascq)}.`,
    fileChanged: (path: string) =>
      `${quoted(path)} ha cambiado, se ha movido o ya no se puede leer desde que se añadió.`,
    fileChangedTodo: 'No se ha perdido nada más. Añada de nuevo ese archivo o quítelo, y vuelva a empezar.',
    readFailed: 'Un archivo no se pudo leer hasta el final.',
    readFailedTodo: 'Compruebe que sigue conectado el disco en el que están los archivos y vuelva a empezar.',
    targetFull: 'No hay espacio suficiente en el lugar donde se guarda.',
    targetFullTodo: 'Libere espacio o elija otro lugar. No quedó ninguna imagen a medias.',
    targetRefused: 'El navegador no puede escribir ahí.',
    targetRefusedTodo: 'Elija otro lugar o permita la escritura cuando el navegador lo pregunte.',
    plan: 'La imagen no se puede crear así.',
    workerFailed: 'El planificador se detuvo, seguramente por falta de memoria.',
    workerFailedTodo:
      'Cierre otras pestañas o quite algunos archivos, y cambie cualquier cosa para intentarlo de nuevo.',
  },
  agentProblems: {
    agentUnreachable: [
      'El agente no responde.',
      'Inícielo con «discwright start». Lo que haya preparado aquí se conserva mientras esta página esté abierta.',
    ],
    notTheAgent: [
      'Respondió algo distinto del agente.',
      'Compruebe la dirección con la que se abrió esta página.',
    ],
    tokenMissing: ['El agente no conoce esta página.', 'Vincúlela de nuevo.'],
    pairingCodeWrong: ['Ese no es el código.', 'Mire el código de nuevo; tras cinco intentos deja de valer.'],
    pairingCodeVoid: [
      'Ese código ya no vale.',
      'Un código sirve durante dos minutos y una sola vez. Ejecute «discwright pair» para obtener otro.',
    ],
    originNotPaired: [
      'El agente no confía en la dirección de esta página.',
      'Abra la página que indica el agente.',
    ],
    wrongHost: [
      'El agente no responde en esta dirección.',
      'Abra la página en 127.0.0.1, tal como la indica el agente.',
    ],
    noSpace: [
      'El agente no tiene espacio suficiente para la imagen.',
      'Libere espacio en el disco donde guarda sus archivos e inténtelo de nuevo.',
    ],
    driveTaken: ['La unidad está haciendo otra cosa.', 'Espere a que termine o cancélelo.'],
    driveNotFound: ['La unidad ya no está.', 'Conéctela de nuevo o elija otra.'],
    driveForbidden: [
      'El agente no tiene permiso para usar la unidad.',
      'Dé acceso a su usuario; en Linux, añádalo al grupo «cdrom».',
    ],
    noMedium: ['No hay ningún disco en la unidad.', 'Inserte uno y cierre la bandeja.'],
    mediumChanged: NOT_AGREED,
    confirmMismatch: NOT_AGREED,
    mediumNotWritable: [
      'No se puede escribir en este disco.',
      `${NOTHING_WRITTEN} Inserte un disco vacío o regrabable.`,
    ],
    imageTooLarge: [
      'La imagen no cabe en este disco.',
      `${NOTHING_WRITTEN} Use un disco más grande o quite algo.`,
    ],
    agentStopped: [
      'El agente se detuvo mientras trabajaba.',
      'Inícielo de nuevo. Es posible que se haya perdido el disco que se estaba grabando.',
    ],
  } as Record<string, readonly [what: string, todo: string] | undefined>,
  told,
};

function hex(n: number): string {
  return n.toString(16).padStart(2, '0');
}
