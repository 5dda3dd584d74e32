package dev.rr.plugin.logger;

/** What older files say to choose a mode's line format. */
enum Encoding {
  /** As the mode has it. */
  MODE,
  JSON,
  CONSOLE
}
