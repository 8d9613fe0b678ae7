/** The frame of the page, the agent and pairing, in Spanish. */

export const app = {
  app: {
    name: 'discwright',
    tagline: 'Discos, creados y grabados',
    skip: 'Ir al contenido',
    language: 'Idioma',
    languageFailed: 'No se pudo cargar este idioma.',
    languageFailedTodo: 'Compruebe que el agente está en marcha y elíjalo de nuevo.',
  },
  agent: {
    label: 'Agente',
    looking: 'Buscando el agente…',
    connected: (version: string) => `Agente ${version} conectado`,
    lost: 'Se perdió el agente, reintentando…',
    none: 'Sin agente',
    unpaired: 'Sin vincular',
  },
  pair: {
    title: 'Vincular con el agente',
    text: 'Para grabar hace falta un programa en este equipo: el agente. Ejecute «discwright pair» en él y escriba el código que muestra.',
    code: 'Código de vinculación',
    submit: 'Vincular',
    busy: 'Vinculando…',
    done: 'Vinculado con el agente.',
    noneTitle: 'Para grabar hace falta el agente',
    noneText:
      'Esta página no la abrió el agente, así que puede crear y guardar imágenes, pero no grabarlas. Ejecute «discwright start» en este equipo y use la dirección que muestra.',
    lookAgain: 'Buscar de nuevo',
  },
};
