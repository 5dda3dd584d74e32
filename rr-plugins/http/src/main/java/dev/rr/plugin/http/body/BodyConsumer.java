package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;

/**
 * Who is told what became of a request's body. One of the three methods is called for each request,
 * on the request's loop.
 */
public interface BodyConsumer {
  /** The body is here, whole. The files in it are the receiver's to delete from now on. */
  void taken(HttpRequest request, HttpResponse response, TakenBody body);

  /** The body breaks a rule or a limit: the client's fault. */
  void refused(HttpResponse response, HttpFault fault);

  /**
   * The body could not be taken: ours.
   *
   * @param text a line for the client, or empty
   */
  void broken(HttpResponse response, Throwable cause, String text);
}
