package dev.rr.build.sbom;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What packages say of their licences, as bills of materials want it. Stateless. */
public final class Licences {
  /**
   * Identifiers of <a href="https://spdx.org/licenses">SPDX</a> that packages have. A bill may call
   * others by name alone.
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

  /** Addresses in poms, in lower case, without the scheme, {@code www.} and the ending. */
  private static final Map<String, String> BY_URL =
      Map.ofEntries(
          Map.entry("apache.org/licenses/license-2.0", "Apache-2.0"),
          Map.entry("eclipse.org/legal/epl-2.0", "EPL-2.0"),
          Map.entry("eclipse.org/legal/epl-v10", "EPL-1.0"),
          Map.entry("eclipse.org/legal/epl-v20", "EPL-2.0"),
          Map.entry("mozilla.org/en-us/mpl/2.0", "MPL-2.0"),
          Map.entry("opensource.org/license/mit", "MIT"),
          Map.entry("opensource.org/licenses/apache-2.0", "Apache-2.0"),
          Map.entry("opensource.org/licenses/bsd-2-clause", "BSD-2-Clause"),
          Map.entry("opensource.org/licenses/bsd-3-clause", "BSD-3-Clause"),
          Map.entry("opensource.org/licenses/mit", "MIT"),
          Map.entry("opensource.org/licenses/mit-license", "MIT"));

  /** Names in poms, in lower case. No two patterns match the same name. */
  private static final Map<Pattern, String> BY_NAME =
      Map.of(
          Pattern.compile("(the )?apache( software)?( license)?,?( version)? v?2(\\.0)?"),
          "Apache-2.0",
          Pattern.compile("(the )?mit license( \\(mit\\))?"),
          "MIT",
          Pattern.compile("(the )?(new )?bsd[ -]2[ -]clause( license)?"),
          "BSD-2-Clause",
          Pattern.compile("(the )?bsd[ -]3[ -]clause( license)?"),
          "BSD-3-Clause",
          Pattern.compile("eclipse public license( -)?,?( version)? v?\\.? ?2\\.0"),
          "EPL-2.0");

  private Licences() {}

  /**
   * What a pom says: the identifier of SPDX where the name or the address is a known one, else the
   * name, else the address. Empty where neither is said.
   */
  public static Optional<String> ofPom(String name, String url) {
    String known = name.strip();
    if (isIdentifier(known)) {
      return Optional.of(known);
    }
    String lower = known.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    Optional<String> named =
        BY_NAME.entrySet().stream()
            .filter(each -> each.getKey().matcher(lower).matches())
            .map(Map.Entry::getValue)
            .findFirst();
    String address =
        url.strip()
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^https?://(www\\.)?", "")
            .replaceFirst("(\\.(txt|html|php)|/)$", "");
    return named
        .or(() -> Optional.ofNullable(BY_URL.get(address)))
        .or(() -> Stream.of(known, url.strip()).filter(each -> !each.isEmpty()).findFirst());
  }

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
