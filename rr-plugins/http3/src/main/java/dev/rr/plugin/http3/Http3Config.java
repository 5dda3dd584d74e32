package dev.rr.plugin.http3;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.net.AddressForms;

/** The {@code http.http3} section. */
@ConfigSection("http.http3")
record Http3Config(
    @Key(doc = "host:port or :port of the UDP socket.") String address,
    @Key(doc = "PEM file with the private key; without it and cert, those of http.ssl are used.")
        String key,
    @Key(doc = "PEM file with the certificate, then its chain.") String cert)
    implements Checked {
  @Override
  public void check(Section at) {
    AddressForms.DATAGRAM.problem(address).ifPresent(problem -> at.problem("address", problem));
  }
}
