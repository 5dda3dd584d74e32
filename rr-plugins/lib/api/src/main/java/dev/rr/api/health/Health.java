package dev.rr.api.health;

/**
 * How a plugin is.
 *
 * @param status in the codes of HTTP: 200 for well, 503 for not
 */
public record Health(int status) {
  /** Well. */
  public static final Health UP = new Health(200);

  /** Not well. */
  public static final Health DOWN = new Health(503);

  /** Well or not. */
  public static Health of(boolean up) {
    return up ? UP : DOWN;
  }
}
