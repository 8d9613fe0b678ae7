/** Which version of the page this is: that of the agent it is built with. */
declare const __APP_VERSION__: string;

export const APP_VERSION = __APP_VERSION__;
