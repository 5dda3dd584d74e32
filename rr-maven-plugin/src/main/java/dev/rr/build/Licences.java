package dev.rr.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What packages say of their licences, as bills of materials want it. Stateless. */
final class Licences {
  /**
   * Identifiers of <a href="https://spdx.org/licenses">SPDX</a> that PHP packages have. A bill may
   * call others by name alone.
   */
  private static final Set<String> IDENTIFIERS =
      Set.of(
          "0BSD",
          "AFL-2.1",
          "AFL-3.0",
          "AGPL-3.0",
          "AGPL-3.0-only",
          "AGPL-3.0-or-later",
          "Apache-1.1",
          "Apache-2.0",
          "Artistic-1.0",
          "Artistic-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "BSD-4-Clause",
          "BSL-1.0",
          "CC-BY-3.0",
          "CC-BY-4.0",
          "CC-BY-SA-4.0",
          "CC0-1.0",
          "CDDL-1.0",
          "EPL-1.0",
          "EPL-2.0",
          "EUPL-1.1",
          "EUPL-1.2",
          "GPL-2.0",
          "GPL-2.0+",
          "GPL-2.0-only",
          "GPL-2.0-or-later",
          "GPL-3.0",
          "GPL-3.0+",
          "GPL-3.0-only",
          "GPL-3.0-or-later",
          "ISC",
          "LGPL-2.0-only",
          "LGPL-2.0-or-later",
          "LGPL-2.1",
          "LGPL-2.1+",
          "LGPL-2.1-only",
          "LGPL-2.1-or-later",
          "LGPL-3.0",
          "LGPL-3.0+",
          "LGPL-3.0-only",
          "LGPL-3.0-or-later",
          "MIT",
          "MIT-0",
          "MPL-1.1",
          "MPL-2.0",
          "MS-PL",
          "OFL-1.1",
          "OSL-3.0",
          "PHP-3.0",
          "PHP-3.01",
          "Unlicense",
          "W3C",
          "WTFPL",
          "Zlib");

  private Licences() {}

  static boolean isIdentifier(String licence) {
    return IDENTIFIERS.contains(licence);
  }

  /**
   * One expression of SPDX that leaves the choice between these; empty when there are none, or one
   * is neither an identifier nor made of such, as in {@code (MIT or GPL-3.0-only)}.
   */
  static Optional<String> expression(List<String> any) {
    List<String> all = new ArrayList<>();
    for (String licence : any) {
      Optional<String> one = expression(licence);
      if (one.isEmpty()) {
        return one;
      }
      boolean alone = any.size() == 1 || isIdentifier(one.get());
      all.add(alone ? one.get() : "(" + one.get() + ")");
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join(" OR ", all));
  }

  private static Optional<String> expression(String licence) {
    String[] words = licence.strip().replaceFirst("^\\((.*)\\)$", "$1").strip().split("\\s+");
    for (int i = 0; i < words.length; i++) {
      if (i % 2 == 1) {
        words[i] = words[i].toUpperCase(Locale.ROOT);
      }
      if (!(i % 2 == 1 ? words[i].matches("AND|OR") : isIdentifier(words[i]))) {
        return Optional.empty();
      }
    }
    return words.length % 2 == 1 ? Optional.of(String.join(" ", words)) : Optional.empty();
  }
}
