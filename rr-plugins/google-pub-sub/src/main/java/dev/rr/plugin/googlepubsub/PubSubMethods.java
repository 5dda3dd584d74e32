package dev.rr.plugin.googlepubsub;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.rr.plugin.googlepubsub.PubSubProto.AcknowledgeRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.GetSubscriptionRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.ModifyAckDeadlineRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.PublishRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.PublishResponse;
import dev.rr.plugin.googlepubsub.PubSubProto.StreamingPullRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.StreamingPullResponse;
import dev.rr.plugin.googlepubsub.PubSubProto.Subscription;
import dev.rr.plugin.googlepubsub.PubSubProto.Topic;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.InputStream;

/** Methods of Google's services Publisher and Subscriber. */
final class PubSubMethods {
  private static final String PUBLISHER = "google.pubsub.v1.Publisher/";
  private static final String SUBSCRIBER = "google.pubsub.v1.Subscriber/";

  static final MethodDescriptor<Topic, Topic> CREATE_TOPIC =
      method(MethodType.UNARY, PUBLISHER + "CreateTopic", Topic.parser(), Topic.parser());

  static final MethodDescriptor<PublishRequest, PublishResponse> PUBLISH =
      method(
          MethodType.UNARY,
          PUBLISHER + "Publish",
          PublishRequest.parser(),
          PublishResponse.parser());

  static final MethodDescriptor<Subscription, Subscription> CREATE_SUBSCRIPTION =
      method(
          MethodType.UNARY,
          SUBSCRIBER + "CreateSubscription",
          Subscription.parser(),
          Subscription.parser());

  static final MethodDescriptor<GetSubscriptionRequest, Subscription> GET_SUBSCRIPTION =
      method(
          MethodType.UNARY,
          SUBSCRIBER + "GetSubscription",
          GetSubscriptionRequest.parser(),
          Subscription.parser());

  static final MethodDescriptor<AcknowledgeRequest, Empty> ACKNOWLEDGE =
      method(
          MethodType.UNARY,
          SUBSCRIBER + "Acknowledge",
          AcknowledgeRequest.parser(),
          Empty.parser());

  static final MethodDescriptor<ModifyAckDeadlineRequest, Empty> MODIFY_ACK_DEADLINE =
      method(
          MethodType.UNARY,
          SUBSCRIBER + "ModifyAckDeadline",
          ModifyAckDeadlineRequest.parser(),
          Empty.parser());

  static final MethodDescriptor<StreamingPullRequest, StreamingPullResponse> STREAMING_PULL =
      method(
          MethodType.BIDI_STREAMING,
          SUBSCRIBER + "StreamingPull",
          StreamingPullRequest.parser(),
          StreamingPullResponse.parser());

  private PubSubMethods() {}

  private static <Q extends MessageLite, A extends MessageLite> MethodDescriptor<Q, A> method(
      MethodType type, String name, Parser<Q> requests, Parser<A> answers) {
    return MethodDescriptor.newBuilder(
            new ProtoMarshaller<>(requests), new ProtoMarshaller<>(answers))
        .setType(type)
        .setFullMethodName(name)
        .build();
  }

  /** How messages become bytes. The library's own has all of Google's common messages behind it. */
  private record ProtoMarshaller<M extends MessageLite>(Parser<M> parser)
      implements MethodDescriptor.Marshaller<M> {
    @Override
    public InputStream stream(M message) {
      return message.toByteString().newInput();
    }

    @Override
    public M parse(InputStream bytes) {
      try {
        return parser.parseFrom(bytes);
      } catch (InvalidProtocolBufferException e) {
        throw Status.INTERNAL
            .withDescription("the answer is no message of Pub/Sub")
            .withCause(e)
            .asRuntimeException();
      }
    }
  }
}
