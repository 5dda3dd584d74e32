package dev.rr.plugin.proxyipparser;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.api.plugin.PluginDisabled;
import java.net.InetSocketAddress;
import java.util.List;

/** Tells the application who the client behind a trusted proxy is. */
@Plugin("proxy_ip_parser")
@EnabledBy("http.trusted_subnets")
final class ProxyIpParserPlugin implements Lifecycle, Middleware {
  private final ProxyIpParserConfig config;
  private final Log log;

  ProxyIpParserPlugin(ProxyIpParserConfig config, Loggers loggers) {
    this.config = config;
    this.log = loggers.named("proxy_ip_parser");
  }

  @Override
  public void init() throws PluginDisabled {
    if (config.trustedSubnets().isEmpty()) {
      throw new PluginDisabled("http.trusted_subnets is empty");
    }
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    List<Subnet> subnets = config.subnets();
    return (request, response) -> {
      if (isTrusted(request, subnets)) {
        String given = ClientAddress.find(request.headers(), config.trustedHeaders());
        if (!given.isEmpty()) {
          request.remoteAddress(client(given));
        }
      }
      next.handle(request, response);
    };
  }

  /** Nobody when it cannot be read: the proxy's own address would pass for a trusted client's. */
  private String client(String given) {
    String client = ClientAddress.withoutPort(given);
    if (client.isEmpty()) {
      log.warn("remote address parsing failure", "address", given);
    }
    return client;
  }

  /** A peer on a unix socket has no address, so no subnet holds it. */
  private static boolean isTrusted(HttpRequest request, List<Subnet> subnets) {
    return request.peer() instanceof InetSocketAddress peer
        && peer.getAddress() != null
        && subnets.stream().anyMatch(s -> s.contains(peer.getAddress()));
  }
}
