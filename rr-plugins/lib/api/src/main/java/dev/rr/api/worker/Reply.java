package dev.rr.api.worker;

import java.nio.ByteBuffer;

/**
 * Takes a worker's answer, frame by frame. Called on the thread that owns the worker, which may be
 * blocked: a receiver that is slow holds up its own worker and nothing else. A block must have a
 * deadline of its own. Buffers belong to the receiver from the call on; they are never reused.
 */
public interface Reply {
  /**
   * A frame begins. A single answer has one frame; a stream has several.
   *
   * @param codec the frame's codec flags; 0 from older workers
   * @param context the frame's context, whole; empty in most frames of a stream
   * @param body the first bytes of the body
   * @param remaining bytes of this frame's body that are still to come by {@link #body}
   * @param last whether no frame follows this one
   * @return false to be sent nothing more: the worker is asked to stop its stream
   */
  boolean frame(int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last);

  /**
   * More of the body of the frame that began.
   *
   * @param remaining bytes that are still to come
   * @return as {@link #frame}
   */
  boolean body(ByteBuffer chunk, long remaining);

  /**
   * There is no answer, or no end of it. Called at most once, and nothing after it. May be called
   * on any thread.
   */
  void failed(ExecException error);
}
