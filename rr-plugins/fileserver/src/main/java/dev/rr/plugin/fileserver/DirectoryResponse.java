package dev.rr.plugin.fileserver;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;

/** Offers parts of files only where the directory allows it. */
final class DirectoryResponse extends ForwardingResponse {
  private final boolean ranges;

  DirectoryResponse(HttpResponse next, boolean ranges) {
    super(next);
    this.ranges = ranges;
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    if (!ranges) {
      headers.remove("Accept-Ranges");
    }
    super.head(status, headers);
  }
}
