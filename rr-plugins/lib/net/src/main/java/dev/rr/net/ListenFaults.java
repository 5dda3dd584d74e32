package dev.rr.net;

import java.net.UnknownHostException;

/** Says in our words why the system does not let somebody listen. */
final class ListenFaults {
  private ListenFaults() {}

  static String reason(Address address, Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (cause instanceof UnknownHostException && address instanceof Address.Tcp tcp) {
      return "unknown host " + tcp.host();
    }
    if (text.contains("in use")) {
      return "the address is in use by another program";
    }
    if (text.contains("assign requested")) {
      return "it is no address of this machine";
    }
    if (text.contains("ermission")) {
      return "permission denied"
          + (address instanceof Address.Tcp ? " (ports below 1024 need it)" : "");
    }
    if (text.contains("No such file")) {
      return "the folder of the socket does not exist";
    }
    // Native errors read "bind(..) failed with error(-98): Address already in use".
    return text.substring(text.lastIndexOf("): ") + 1).replaceFirst("^: ", "");
  }
}
