package blockdev.nvme.controller.kpio;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.kpio.ComId;
import blockdev.nvme.kpio.ComIdRequest;
import blockdev.nvme.kpio.ComPacket;
import blockdev.nvme.kpio.Discovery;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What Security Send and Security Receive do: protocol 00h lists the protocols, 01h is Level 0
 * Discovery, 02h clears keys, gives nonces and resets the TPer, 03h takes KMIP messages. What was
 * sent is done at once, and its response waits for a Receive on the same ComID.
 *
 * <p>A protocol or ComID that is not here gives Invalid Field.
 */
public final class SecurityProtocols {
  /** Bytes of the largest payload that a host may send. */
  public static final int MAX_PAYLOAD_BYTES = 16 * 1024;

  private static final int PROTOCOL_LIST = 0x00;
  private static final int TCG = 0x01;
  private static final int TCG_MANAGEMENT = 0x02;
  private static final int KMIP = 0x03;

  private static final int ALL_NAMESPACES = 0xFFFFFFFF;

  private final KeyPerIo keys;
  private final KmipServer kmip;
  private final MemorySegment request = MemorySegment.ofArray(new byte[MAX_PAYLOAD_BYTES]);
  private final MemorySegment response =
      MemorySegment.ofArray(new byte[KmipServer.MAX_RESPONSE_BYTES]);
  private int responseBytes; // 0: there is none
  private int comIdRequestCode; // 0: there was none
  private int comIdStatus;

  public SecurityProtocols(KeyPerIo keys) {
    this.keys = keys;
    kmip = new KmipServer(keys);
  }

  /** What waits for a Receive is forgotten: a controller reset. */
  public void reset() {
    responseBytes = 0;
    comIdRequestCode = 0;
  }

  /** Whether a Send on this protocol can bring a key, which takes the device its time. */
  public static boolean bringsKeys(int protocol) {
    return protocol == KMIP;
  }

  /** Whether a Send on this protocol can clear one. */
  public static boolean clearsKeys(int protocol) {
    return protocol == TCG_MANAGEMENT;
  }

  /**
   * Security Send.
   *
   * @param protocol SECP
   * @param specific SPSP, which is a ComID
   * @param payload as the host sent it; its memory is the host's
   * @return a status
   */
  public int send(int protocol, int specific, int namespace, MemorySegment payload) {
    if (payload.byteSize() > MAX_PAYLOAD_BYTES) {
      return NvmeStatus.INVALID_FIELD;
    }
    if (protocol == TCG_MANAGEMENT && specific == ComId.TPER_RESET) {
      keys.keks.programmaticReset();
      return NvmeStatus.SUCCESS;
    }
    if (specific != ComId.KEYS) {
      return NvmeStatus.INVALID_FIELD;
    }
    return switch (protocol) {
      case TCG_MANAGEMENT -> handleComIdRequest(namespace, payload);
      case KMIP -> takeMessage(payload);
      default -> NvmeStatus.INVALID_FIELD;
    };
  }

  private int takeMessage(MemorySegment payload) {
    if (keys.policies().injectionLocked()) {
      return NvmeStatus.OPERATION_DENIED;
    }
    // A copy: the host's memory may change, and what is read twice must not.
    MemorySegment packet = request.asSlice(0, payload.byteSize()).copyFrom(payload);
    try {
      MemorySegment message = ComPacket.message(packet, ComId.KEYS);
      if (message == null) {
        return NvmeStatus.INVALID_FIELD;
      }
      responseBytes = kmip.answer(message, response);
      return NvmeStatus.SUCCESS;
    } finally {
      packet.fill((byte) 0);
    }
  }

  private int handleComIdRequest(int namespace, MemorySegment payload) {
    if (payload.byteSize() < ComIdRequest.BYTES) {
      return NvmeStatus.INVALID_FIELD;
    }
    comIdRequestCode = ComIdRequest.code(payload);
    comIdStatus =
        switch (comIdRequestCode) {
          case ComIdRequest.CLEAR_SINGLE_MEK -> clearOne(namespace, ComIdRequest.keyTag(payload));
          case ComIdRequest.CLEAR_ALL_MEKS -> clearAll(namespace);
          default -> ComIdRequest.FAILURE;
        };
    return NvmeStatus.SUCCESS;
  }

  private int clearOne(int namespace, int keyTag) {
    if (!keys.policies().clearSingleAllowed()) {
      return ComIdRequest.DISABLED_BY_POLICY;
    }
    if (!keys.isManaged(namespace)) {
      return ComIdRequest.NOT_MANAGED;
    }
    if (keyTag >= keys.keyTags(namespace)) {
      return ComIdRequest.INVALID_KEY_TAG;
    }
    keys.clear(namespace, keyTag);
    return ComIdRequest.SUCCESS;
  }

  private int clearAll(int namespace) {
    if (!keys.policies().clearAllAllowed()) {
      return ComIdRequest.DISABLED_BY_POLICY;
    }
    if (namespace == ALL_NAMESPACES) {
      keys.clearAllKeys();
      return ComIdRequest.SUCCESS;
    }
    if (!keys.isManaged(namespace)) {
      return ComIdRequest.NOT_MANAGED;
    }
    keys.clearAll(namespace);
    return ComIdRequest.SUCCESS;
  }

  /**
   * Security Receive.
   *
   * @param target filled with as much as fits of what there is, then with zeros
   * @return a status
   */
  public int receive(int protocol, int specific, int namespace, MemorySegment target) {
    return switch (protocol) {
      case PROTOCOL_LIST ->
          specific == 0
              ? give(
                  target,
                  new byte[] {0, 0, 0, 0, 0, 0, 0, 4, PROTOCOL_LIST, TCG, TCG_MANAGEMENT, KMIP})
              : NvmeStatus.INVALID_FIELD;
      case TCG -> discover(specific, namespace, target);
      case TCG_MANAGEMENT -> manage(specific, target);
      case KMIP -> specific == ComId.KEYS ? giveMessage(target) : NvmeStatus.INVALID_FIELD;
      default -> NvmeStatus.INVALID_FIELD;
    };
  }

  private int discover(int comId, int namespace, MemorySegment target) {
    switch (comId) {
      case ComId.LEVEL_0_DISCOVERY -> {
        byte[] data = new byte[Discovery.DEVICE_BYTES];
        Discovery.putDevice(MemorySegment.ofArray(data), capabilities());
        return give(target, data);
      }
      case ComId.NAMESPACE_DISCOVERY -> {
        if (!keys.exists(namespace)) {
          return NvmeStatus.INVALID_NAMESPACE;
        }
        byte[] data = new byte[Discovery.NAMESPACE_BYTES];
        Discovery.putNamespace(
            MemorySegment.ofArray(data), keys.isManaged(namespace), keys.keyTags(namespace));
        return give(target, data);
      }
      default -> {
        return NvmeStatus.INVALID_FIELD;
      }
    }
  }

  private Discovery.Device capabilities() {
    int flags =
        Discovery.ENABLED
            | Discovery.REPLAY_PROTECTION_SUPPORTED
            | (keys.detectsIncorrectKeys() ? Discovery.DETECTS_INCORRECT_KEYS : 0)
            | (keys.policies().replayProtection() ? Discovery.REPLAY_PROTECTION_ENABLED : 0);
    return new Discovery.Device(
        flags,
        ImportedKey.MAX_UID_BYTES,
        keys.policies().plaintextKekAllowed(),
        KeyEncryptionKeys.ROWS,
        keys.allKeyTags(),
        Nonces.BYTES);
  }

  private int manage(int comId, MemorySegment target) {
    switch (comId) {
      case ComId.NONCE -> {
        return keys.policies().replayProtection()
            ? give(target, keys.nonces.issue())
            : NvmeStatus.OPERATION_DENIED;
      }
      case ComId.KEYS -> {
        byte[] data = new byte[ComIdRequest.RESPONSE_BYTES];
        if (comIdRequestCode != 0) {
          ComIdRequest.putResponse(
              MemorySegment.ofArray(data), ComId.KEYS, comIdRequestCode, comIdStatus);
        }
        return give(target, data);
      }
      default -> {
        return NvmeStatus.INVALID_FIELD;
      }
    }
  }

  /** Gives the response that waits, or says that it waits if there is no room for it. */
  private int giveMessage(MemorySegment target) {
    byte[] packet = new byte[ComPacket.HEADER_BYTES + responseBytes];
    MemorySegment bytes = MemorySegment.ofArray(packet);
    if (target.byteSize() >= packet.length) {
      ComPacket.putHeader(bytes, ComId.KEYS, responseBytes);
      MemorySegment.copy(response, 0, bytes, ComPacket.HEADER_BYTES, responseBytes);
      responseBytes = 0;
      return give(target, packet);
    }
    ComPacket.putOutstanding(bytes, ComId.KEYS, responseBytes);
    return give(target, Arrays.copyOf(packet, ComPacket.HEADER_BYTES));
  }

  private static int give(MemorySegment target, byte[] data) {
    int length = (int) Math.min(target.byteSize(), data.length);
    MemorySegment.copy(data, 0, target, ValueLayout.JAVA_BYTE, 0, length);
    target.asSlice(length).fill((byte) 0);
    return NvmeStatus.SUCCESS;
  }
}
