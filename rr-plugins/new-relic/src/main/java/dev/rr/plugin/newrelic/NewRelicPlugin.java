package dev.rr.plugin.newrelic;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpText;
import dev.rr.api.http.Middleware;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.trace.Tracer;

/** Tells an agent of every request, in the application's own words. */
@Plugin("new_relic")
@EnabledBy("http.new_relic")
final class NewRelicPlugin implements Lifecycle, Middleware {
  private final Configurer configurer;
  private final String application;
  private final String license;
  private final Agent agent;

  NewRelicPlugin(NewRelicConfig config, Configurer configurer, Host host, Tracer tracer) {
    this.configurer = configurer;
    this.application =
        config.appName().isEmpty()
            ? host.environment().getOrDefault("NEW_RELIC_APP_NAME", "")
            : config.appName();
    this.license =
        config.licenseKey().isEmpty()
            ? host.environment().getOrDefault("NEW_RELIC_LICENSE_KEY", "")
            : config.licenseKey();
    this.agent = new TracerAgent(tracer, application);
  }

  @Override
  public void check(Problems problems) {
    Section section = configurer.section(NewRelicConfigBinder.INSTANCE, problems);
    if (license.isEmpty()) {
      section.problem(
          "license_key", "license key should not be empty; set it, or NEW_RELIC_LICENSE_KEY");
    }
    if (application.isEmpty()) {
      section.problem(
          "app_name", "application name should not be empty; set it, or NEW_RELIC_APP_NAME");
    }
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    return wrap(next, agent);
  }

  /** As {@link #wrap(HttpHandler)}, for any agent. */
  static HttpHandler wrap(HttpHandler next, Agent agent) {
    return (request, response) -> {
      Agent.Transaction transaction = agent.begin(HttpText.of(request.target()), request.headers());
      transaction.inject(request.headers());
      response.onClose(transaction::end);
      next.handle(request, new Described(response, transaction));
    };
  }

  /** Looks at the head on its way; the body streams through untouched. */
  private static final class Described extends ForwardingResponse {
    private final Agent.Transaction transaction;

    Described(HttpResponse next, Agent.Transaction transaction) {
      super(next);
      this.transaction = transaction;
    }

    @Override
    public void head(int status, HttpHeaders headers) {
      TransactionHeaders.apply(headers, transaction);
      super.head(status, headers);
    }
  }
}
