package dev.rr.plugin.headers;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code http.headers} section; upstream's keys. */
@ConfigSection("http.headers")
record HeadersConfig(
    @Key(doc = "Headers added to every request.") Map<String, String> request,
    @Key(doc = "Headers set on every answer; one from PHP comes after it.")
        Map<String, String> response,
    Optional<Cors> cors) {

  /** What other origins may do. */
  @ConfigSection
  record Cors(
      @Key(doc = "Origins that are let in, with at most one * each; empty is all.")
          List<String> allowedOrigin,
      @Key(doc = "Regular expression in RE2 syntax, in place of allowed_origin.")
          String allowedOriginRegex,
      @Key(doc = "Request headers that are let in; * is all.") List<String> allowedHeaders,
      @Key(doc = "Methods that are let in; OPTIONS always is.") List<String> allowedMethods,
      @Key(doc = "Response headers that scripts may read.") List<String> exposedHeaders,
      @Key(doc = "Let requests carry cookies.") boolean allowCredentials,
      @Key(
              min = -1,
              doc = "Seconds a browser may keep the answer to a preflight; 0 and -1 say nothing.")
          int maxAge,
      @Key(min = 0, max = 599, doc = "Status of the answer to a preflight; 0 is 200.")
          int optionsSuccessStatus,
      @Key(doc = "Log each decision.") boolean debug)
      implements Checked {

    private static final List<String> HEADERS =
        List.of("accept", "content-type", "x-requested-with");
    private static final List<String> METHODS = List.of("GET", "POST", "HEAD");

    Cors {
      allowedOrigin = trimmed(allowedOrigin);
      allowedHeaders = trimmed(allowedHeaders);
      allowedMethods = trimmed(allowedMethods);
      exposedHeaders = trimmed(exposedHeaders);
      allowedHeaders = allowedHeaders.isEmpty() ? HEADERS : allowedHeaders;
      allowedMethods = allowedMethods.isEmpty() ? METHODS : allowedMethods;
      optionsSuccessStatus = optionsSuccessStatus == 0 ? 200 : optionsSuccessStatus;
    }

    @Override
    public void check(Section section) {
      if (optionsSuccessStatus < 200) {
        section.problem(
            "options_success_status", "is " + optionsSuccessStatus + "; allowed are 200 to 599");
      }
      try {
        var unused = Pattern.compile(allowedOriginRegex);
      } catch (PatternSyntaxException e) {
        section.problem(
            "allowed_origin_regex",
            "`"
                + allowedOriginRegex
                + "` is no regular expression in RE2 syntax: "
                + e.getDescription());
      }
    }

    private static List<String> trimmed(List<String> words) {
      return words.stream().map(String::strip).filter(w -> !w.isEmpty()).toList();
    }
  }
}
