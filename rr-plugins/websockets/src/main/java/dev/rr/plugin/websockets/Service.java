package dev.rr.plugin.websockets;

import dev.rr.api.http.MemoryBudget;

/**
 * What all clients share.
 *
 * @param waiting what messages take that clients have yet to take; each is counted once for all of
 *     them
 */
record Service(
    WebsocketsConfig config,
    Hub hub,
    ConnectedClients clients,
    Authorizer authorizer,
    Deflation deflation,
    MemoryBudget waiting,
    MemoryBudget arriving) {

  OriginRule origins() {
    return new OriginRule(config.allowedOrigin());
  }
}
