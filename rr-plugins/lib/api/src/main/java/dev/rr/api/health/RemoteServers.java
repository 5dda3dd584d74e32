package dev.rr.api.health;

import java.util.List;

/**
 * What a plugin implements that calls servers elsewhere, as the drivers of brokers do: {@code rr
 * doctor} tries whether somebody answers there. Asked once the plugin was checked, on the same
 * thread; the plugin is not started then.
 */
public interface RemoteServers {
  /** The servers that the configuration names; it calls none of them. */
  List<RemoteServer> remoteServers();
}
