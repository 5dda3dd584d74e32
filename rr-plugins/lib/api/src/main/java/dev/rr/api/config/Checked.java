package dev.rr.api.config;

/**
 * A configuration record with rules that no bound of a single number says: what a text may be, and
 * what keys allow each other. Its binder asks it once its values are decoded. Where one could not
 * be, the record has its fallback, and what the rules say of that key is left out.
 */
public interface Checked {
  /**
   * Records every rule that is broken, at the key that has to change. Must look at nothing but the
   * record: files and other plugins are looked at in the {@code check} of the plugin's life.
   *
   * @param at the section that the record was decoded from
   */
  void check(Section at);
}
