package dev.rr.plugin.centrifuge;

import com.google.protobuf.Empty;
import dev.rr.api.rpc.RpcArgument;
import dev.rr.api.rpc.RpcHandler;
import dev.rr.api.rpc.RpcService;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * RPC {@code centrifuge.*}: Centrifugo's API. Written by hand, since all methods do the same.
 * Arguments and answers are read as a message that knows no field and so keeps them all. Any
 * thread.
 */
final class CentrifugeRpc implements RpcService {
  static final List<String> METHODS =
      List.of(
          "Batch",
          "Publish",
          "Broadcast",
          "Subscribe",
          "Unsubscribe",
          "Disconnect",
          "Presence",
          "PresenceStats",
          "History",
          "HistoryRemove",
          "Info",
          "RPC",
          "Refresh",
          "Channels",
          "Connections",
          "UpdateUserStatus",
          "GetUserStatus",
          "DeleteUserStatus",
          "BlockUser",
          "UnblockUser",
          "RevokeToken",
          "InvalidateUserTokens",
          "DeviceRegister",
          "DeviceUpdate",
          "DeviceRemove",
          "DeviceList",
          "DeviceTopicList",
          "DeviceTopicUpdate",
          "UserTopicList",
          "UserTopicUpdate",
          "SendPushNotification",
          "UpdatePushStatus",
          "CancelPush",
          "RateLimit");

  private final Map<String, RpcHandler> methods = new HashMap<>();

  /**
   * Methods that call Centrifugo.
   *
   * @param api throws before there is one, with the text for the caller
   */
  CentrifugeRpc(Supplier<ApiClient> api) {
    for (String name : METHODS) {
      MethodDescriptor<Empty, Empty> method = ApiClient.method(name);
      methods.put(
          name,
          RpcHandler.calling(
              (argument, call) -> api.get().call(method, message(name, argument), call)));
    }
  }

  @Override
  public Map<String, RpcHandler> methods() {
    return Map.copyOf(methods);
  }

  private static Empty message(String name, RpcArgument argument) {
    Empty message = argument.message(Empty.getDefaultInstance());
    if (message.getSerializedSize() == 0 && !isNothing(argument)) {
      throw new IllegalArgumentException(
          "centrifuge." + name + " takes and answers protobuf alone, use that codec");
    }
    return message;
  }

  /** Other codecs lose the fields that the message does not know. */
  private static boolean isNothing(RpcArgument argument) {
    try {
      return argument.bytes().length == 0;
    } catch (IllegalArgumentException somethingElse) {
      return false;
    }
  }
}
