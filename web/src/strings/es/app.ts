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
  update: {
    ready: 'Hay una versión nueva de esta página.',
    otherVersion: (page: string, agent: string) =>
      `Esta página es la versión ${page}; el agente, la ${agent}.`,
    safe: 'Sus proyectos se conservan.',
    go: 'Recargar para usar la versión nueva',
    busy: 'Recargando…',
    later: 'Más tarde',
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
    elsewhereText:
      'Para grabar hace falta un programa en este equipo: el agente. Inícielo con «discwright start», ejecute «discwright pair» y escriba el código que muestra. Es posible que el navegador pregunte después si esta página puede acceder a él.',
    connect: 'Conectar',
    connecting: 'Conectando…',
    knownText:
      'Esta página está vinculada con el agente. Es posible que el navegador pregunte si puede acceder a él.',
    asking:
      'El navegador pregunta si esta página puede acceder a programas de este equipo. Elija «Permitir».',
    ownPage: 'Abrir la página del propio agente',
    ownPageHelp: 'No necesita ningún permiso.',
    notFound: {
      denied:
        'El navegador no deja que esta página acceda a programas de este equipo. Permítalo en los ajustes del navegador para este sitio, en «Aplicaciones del dispositivo» o «Acceso a la red local», e inténtelo de nuevo.',
      dismissed: 'Se cerró la pregunta del navegador. Inténtelo de nuevo y elija «Permitir».',
      silent:
        'No responde ningún agente. Compruebe que «discwright start» está en marcha y que el código de «discwright pair» es nuevo: vale dos minutos.',
    },
  },
};
