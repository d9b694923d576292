package blockdev.nvme.driver;

import blockdev.memory.HostMemory;
import blockdev.nvme.AdminOpcode;
import blockdev.nvme.NvmeStatus;
import blockdev.nvme.kpio.ComId;
import blockdev.nvme.kpio.ComIdRequest;
import blockdev.nvme.kpio.ComPacket;
import blockdev.nvme.kpio.Discovery;
import blockdev.nvme.kpio.KeyImport;
import blockdev.nvme.kpio.Kmip;
import inlinecrypt.wrapped.AesKeyWrap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The host's way to the keys of a device with Key Per I/O: a request goes by Security Send, its
 * response comes by Security Receive. One request is under way at a time.
 *
 * <p>Media encryption keys go wrapped by a key encryption key of the host's, which it brings in the
 * clear when it first meets the device.
 */
final class KeyChannel {
  private static final int SECURITY_TCG = 0x01;
  private static final int SECURITY_TCG_MANAGEMENT = 0x02;
  private static final int SECURITY_KMIP = 0x03;
  private static final int KEK_ROW = 0;
  private static final String KEK_UID = "host";
  private static final int HALF_KEY_BYTES = 32;

  private final AdminQueue admin;
  private final long page; // requests and responses
  private final MemorySegment buffer;
  private final byte[] kek = new byte[AesKeyWrap.KEK_BYTES];

  KeyChannel(AdminQueue admin, HostMemory memory) {
    this.admin = admin;
    page = Rings.allocate(memory, HostMemory.PAGE_BYTES);
    buffer = memory.segment().asSlice(page, HostMemory.PAGE_BYTES);
  }

  /**
   * Meets the device: makes a key encryption key and brings it. Waits.
   *
   * @throws IllegalStateException if the device does not take it
   */
  void open(long seed) {
    int discovery = address(SECURITY_TCG, ComId.LEVEL_0_DISCOVERY);
    admin.execute(receive(0, discovery, Discovery.DEVICE_BYTES));
    if (Discovery.keysComId(buffer) != ComId.KEYS || !Discovery.takesPlaintextKeks(buffer)) {
      throw new IllegalStateException(
          "the device takes no key encryption key in the clear, and has none of this host's");
    }
    new Random(seed).nextBytes(kek);
    int length = KeyImport.putPlaintextKek(message(), KEK_ROW, KEK_UID, kek);
    ComPacket.putHeader(buffer, ComId.KEYS, length);
    int keys = address(SECURITY_KMIP, ComId.KEYS);
    admin.execute(send(0, keys, ComPacket.HEADER_BYTES + length));
    buffer.fill((byte) 0);
    admin.execute(receive(0, keys, HostMemory.PAGE_BYTES));
    int failure = importFailure(buffer);
    if (failure != 0) {
      throw new IllegalStateException(
          "the device does not take the host's key encryption key: " + Kmip.describe(failure));
    }
  }

  /**
   * Puts a key behind a key tag.
   *
   * @param secretKey of AES-256-XTS, 64 bytes
   * @param whenDone told whether that worked
   */
  void inject(int namespace, int keyTag, MemorySegment secretKey, Consumer<Boolean> whenDone) {
    int length =
        KeyImport.putMek(
            message(), namespace, keyTag, KEK_UID, wrapped(secretKey, 0), wrapped(secretKey, 1));
    ComPacket.putHeader(buffer, ComId.KEYS, length);
    exchange(
        SECURITY_KMIP,
        namespace,
        ComPacket.HEADER_BYTES + length,
        HostMemory.PAGE_BYTES,
        status -> {
          if (status == NvmeStatus.HOST_ABORTED) { // by a reset, after which it is asked again
            inject(namespace, keyTag, secretKey, whenDone);
          } else {
            whenDone.accept(status == NvmeStatus.SUCCESS && importFailure(buffer) == 0);
          }
        });
  }

  /**
   * Clears the key behind a key tag.
   *
   * @param whenDone told whether that worked
   */
  void clear(int namespace, int keyTag, Consumer<Boolean> whenDone) {
    ComIdRequest.put(buffer, ComId.KEYS, ComIdRequest.CLEAR_SINGLE_MEK, keyTag);
    exchange(
        SECURITY_TCG_MANAGEMENT,
        namespace,
        ComIdRequest.BYTES,
        ComIdRequest.RESPONSE_BYTES,
        status -> {
          if (status == NvmeStatus.HOST_ABORTED) {
            clear(namespace, keyTag, whenDone);
          } else {
            whenDone.accept(
                status == NvmeStatus.SUCCESS
                    && ComIdRequest.status(buffer) == ComIdRequest.SUCCESS);
          }
        });
  }

  /** Sends what is in the buffer, and gets the response into it. */
  private void exchange(
      int protocol, int namespace, int sentBytes, int receivedBytes, IntConsumer whenDone) {
    int address = address(protocol, ComId.KEYS);
    admin.submit(
        send(namespace, address, sentBytes),
        (status, result) -> {
          buffer.fill((byte) 0);
          if (status != NvmeStatus.SUCCESS) {
            whenDone.accept(status);
            return;
          }
          admin.submit(
              receive(namespace, address, receivedBytes),
              (received, ignored) -> whenDone.accept(received));
        });
  }

  private AdminRequest send(int namespace, int address, int bytes) {
    return request(AdminOpcode.SECURITY_SEND, namespace, address, bytes);
  }

  private AdminRequest receive(int namespace, int address, int bytes) {
    return request(AdminOpcode.SECURITY_RECEIVE, namespace, address, bytes);
  }

  private AdminRequest request(int opcode, int namespace, int address, int bytes) {
    return new AdminRequest(opcode, namespace).data(page).cdw(10, address).cdw(11, bytes);
  }

  private MemorySegment message() {
    return buffer.asSlice(ComPacket.HEADER_BYTES);
  }

  private byte[] wrapped(MemorySegment secretKey, int half) {
    byte[] key =
        secretKey
            .asSlice((long) half * HALF_KEY_BYTES, HALF_KEY_BYTES)
            .toArray(ValueLayout.JAVA_BYTE);
    try {
      return AesKeyWrap.wrap(kek, key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static int importFailure(MemorySegment response) {
    MemorySegment message = ComPacket.message(response, ComId.KEYS);
    return message == null ? -1 : KeyImport.failure(message);
  }

  private static int address(int protocol, int comId) {
    return protocol << 24 | comId << 8;
  }
}
