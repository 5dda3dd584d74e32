package com.acme.audit;

import dev.rr.annotation.Collects;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.Named;
import java.util.ArrayList;
import java.util.List;

/** Tells at start which middleware there is. */
@Plugin("audit")
final class Audit implements Lifecycle {
  private final Log log;
  private final List<String> found = new ArrayList<>();

  Audit(Loggers loggers) {
    log = loggers.named("audit");
  }

  @Collects
  void middleware(Named named, Middleware middleware) {
    found.add(named.id());
  }

  @Override
  public void start() {
    log.info("audited " + found);
  }
}
