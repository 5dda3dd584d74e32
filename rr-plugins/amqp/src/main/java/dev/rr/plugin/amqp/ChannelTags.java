package dev.rr.plugin.amqp;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells the broker what became of the jobs of one channel, which it closes over a number that it
 * does not know any more. Any thread; waits for the socket.
 */
final class ChannelTags {
  private final Channel channel;
  private final ReentrantLock lock = new ReentrantLock();
  // Under the lock: all up to this one were acknowledged together.
  private long acknowledged;

  ChannelTags(Channel channel) {
    this.channel = channel;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /**
   * Acknowledges a job.
   *
   * @param many with all that arrived before
   */
  void ack(long tag, boolean many) throws IOException {
    lock.lock();
    try {
      if (tag > acknowledged) {
        channel.basicAck(tag, many);
        acknowledged = many ? tag : acknowledged;
      }
    } finally {
      lock.unlock();
    }
  }

  void nack(long tag, boolean requeue) throws IOException {
    lock.lock();
    try {
      if (tag > acknowledged) {
        channel.basicNack(tag, false, requeue);
      }
    } finally {
      lock.unlock();
    }
  }
}
