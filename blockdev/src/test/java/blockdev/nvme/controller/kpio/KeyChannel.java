package blockdev.nvme.controller.kpio;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.kpio.ComId;
import blockdev.nvme.kpio.ComIdRequest;
import blockdev.nvme.kpio.ComPacket;
import blockdev.nvme.kpio.KeyImport;
import inlinecrypt.wrapped.AesKeyWrap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;

/** A host's end of the key channel, straight at the security protocols. */
final class KeyChannel {
  static final String KEK_UID = "kek-0";

  final SecurityProtocols device;
  final byte[] kek = bytes(0x40, 32);

  KeyChannel(SecurityProtocols device) {
    this.device = device;
  }

  /** Brings the first key encryption key. */
  KeyChannel withKek() {
    assertThat(importPlaintextKek(0, KEK_UID, kek)).isZero();
    return this;
  }

  int importPlaintextKek(int row, String uid, byte[] key) {
    MemorySegment buffer = buffer();
    return exchange(buffer, KeyImport.putPlaintextKek(message(buffer), row, uid, key));
  }

  int importWrappedKek(int row, String uid, String kekUid, byte[] wrapped) {
    MemorySegment buffer = buffer();
    return exchange(buffer, KeyImport.putWrappedKek(message(buffer), row, uid, kekUid, wrapped));
  }

  int importMek(int namespace, int keyTag, byte[] key) {
    return importMek(namespace, keyTag, key, new byte[0]);
  }

  int importMek(int namespace, int keyTag, byte[] key, byte[] nonce) {
    return send(mekPacket(namespace, keyTag, KEK_UID, kek, key, nonce));
  }

  /** The packet that imports a key of 64 bytes, for who wants to send it himself. */
  static MemorySegment mekPacket(
      int namespace, int keyTag, String kekUid, byte[] kek, byte[] key, byte[] nonce) {
    MemorySegment buffer = buffer();
    int length =
        KeyImport.putMek(
            message(buffer),
            namespace,
            keyTag,
            kekUid,
            AesKeyWrap.wrap(kek, concat(Arrays.copyOfRange(key, 0, 32), nonce)),
            AesKeyWrap.wrap(kek, concat(Arrays.copyOfRange(key, 32, 64), nonce)));
    ComPacket.putHeader(buffer, ComId.KEYS, length);
    return buffer.asSlice(0, ComPacket.HEADER_BYTES + length);
  }

  private int exchange(MemorySegment buffer, int length) {
    ComPacket.putHeader(buffer, ComId.KEYS, length);
    return send(buffer.asSlice(0, ComPacket.HEADER_BYTES + length));
  }

  /** Sends a packet and returns what {@link KeyImport#failure} says to the response. */
  int send(MemorySegment packet) {
    assertThat(device.send(3, ComId.KEYS, 0, packet)).isEqualTo(NvmeStatus.SUCCESS);
    MemorySegment response = MemorySegment.ofArray(new byte[4096]);
    assertThat(device.receive(3, ComId.KEYS, 0, response)).isEqualTo(NvmeStatus.SUCCESS);
    return KeyImport.failure(
        Objects.requireNonNull(ComPacket.message(response, ComId.KEYS), "no ComPacket"));
  }

  /** Clears one key; returns the status in the response. */
  int clear(int namespace, int keyTag) {
    return request(namespace, ComIdRequest.CLEAR_SINGLE_MEK, keyTag);
  }

  int request(int namespace, int code, int keyTag) {
    MemorySegment request = MemorySegment.ofArray(new byte[ComIdRequest.BYTES]);
    ComIdRequest.put(request, ComId.KEYS, code, keyTag);
    assertThat(device.send(2, ComId.KEYS, namespace, request)).isEqualTo(NvmeStatus.SUCCESS);
    MemorySegment response = MemorySegment.ofArray(new byte[ComIdRequest.RESPONSE_BYTES]);
    assertThat(device.receive(2, ComId.KEYS, namespace, response)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(ComIdRequest.code(response)).isEqualTo(code);
    return ComIdRequest.status(response);
  }

  byte[] nonce() {
    MemorySegment target = MemorySegment.ofArray(new byte[Nonces.BYTES]);
    assertThat(device.receive(2, ComId.NONCE, 1, target)).isEqualTo(NvmeStatus.SUCCESS);
    return target.toArray(ValueLayout.JAVA_BYTE);
  }

  private static MemorySegment buffer() {
    return MemorySegment.ofArray(new byte[ComPacket.HEADER_BYTES + KeyImport.MAX_BYTES]);
  }

  private static MemorySegment message(MemorySegment buffer) {
    return buffer.asSlice(ComPacket.HEADER_BYTES);
  }

  /** {@code count} bytes that count up from {@code first}. */
  static byte[] bytes(int first, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
