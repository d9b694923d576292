package blockdev.nvme.controller.kpio;

import static blockdev.nvme.controller.kpio.KeyChannel.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.kpio.ComId;
import blockdev.nvme.kpio.ComIdRequest;
import blockdev.nvme.kpio.ComPacket;
import blockdev.nvme.kpio.Discovery;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SecurityProtocolsTest {
  private final CipherEngine engine = CipherEngine.fastest(CryptoMode.AES_256_XTS);
  private final KeyPerIo keys = new KeyPerIo(KeyPerIoModel.of(300), engine, 2, 5);
  private final SecurityProtocols device = new SecurityProtocols(keys);

  @AfterEach
  void close() {
    keys.close();
  }

  @Test
  void theProtocolsAreListedInOrder() {
    assertThat(receive(0, 0, 0, 12)).containsExactly(0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 2, 3);
  }

  @Test
  void aListThatDoesNotFitIsCutAndOneThatDoesIsFollowedByZeros() {
    assertThat(receive(0, 0, 0, 9)).containsExactly(0, 0, 0, 0, 0, 0, 0, 4, 0);
    assertThat(receive(0, 0, 0, 14)).endsWith(3, 0, 0);
  }

  @Test
  void discoverySaysWhatTheDeviceHas() {
    byte[] data = receive(1, ComId.LEVEL_0_DISCOVERY, 0, Discovery.DEVICE_BYTES);
    assertThat(data).startsWith(0, 0, 0, 92, 0, 0, 0, 1);
    assertThat(slice(data, 48, 4))
        .as("feature 0305h, 44 bytes follow")
        .containsExactly(3, 5, 16, 44);
    assertThat(slice(data, 48 + 36, 4)).as("key tags: 300").containsExactly(0, 0, 1, 44);
    assertThat(slice(data, 48 + 40, 2)).as("of a namespace").containsExactly(1, 44);
    MemorySegment segment = MemorySegment.ofArray(data);
    assertThat(Discovery.keysComId(segment)).isEqualTo(ComId.KEYS);
    assertThat(Discovery.takesPlaintextKeks(segment)).isTrue();
  }

  @Test
  void discoverySaysWhichNamespaceIsManaged() {
    byte[] managed = receive(1, ComId.NAMESPACE_DISCOVERY, 1, Discovery.NAMESPACE_BYTES);
    assertThat(slice(managed, 48, 7)).containsExactly(4, 10, 16, 12, 1, 1, 44);
    assertThat(Discovery.keyTags(MemorySegment.ofArray(managed))).isEqualTo(300);
    byte[] unmanaged = receive(1, ComId.NAMESPACE_DISCOVERY, 2, Discovery.NAMESPACE_BYTES);
    assertThat(Discovery.keyTags(MemorySegment.ofArray(unmanaged))).isZero();
    assertThat(device.receive(1, ComId.NAMESPACE_DISCOVERY, 3, MemorySegment.ofArray(new byte[64])))
        .isEqualTo(NvmeStatus.INVALID_NAMESPACE);
  }

  @Test
  void anUnknownProtocolOrComIdIsAnInvalidField() {
    MemorySegment buffer = MemorySegment.ofArray(new byte[64]);
    int[][] unknown = {{0, 2}, {1, 3}, {1, ComId.KEYS}, {2, 1}, {2, 5}, {3, 1}, {4, 0}, {0xEA, 0}};
    for (int[] address : unknown) {
      assertThat(device.receive(address[0], address[1], 1, buffer))
          .as("receive %02xh %04xh", address[0], address[1])
          .isEqualTo(NvmeStatus.INVALID_FIELD);
    }
    int[][] unsendable = {{0, 0}, {1, 1}, {1, ComId.KEYS}, {2, 6}, {3, 2}, {4, ComId.KEYS}};
    for (int[] address : unsendable) {
      assertThat(device.send(address[0], address[1], 1, buffer))
          .as("send %02xh %04xh", address[0], address[1])
          .isEqualTo(NvmeStatus.INVALID_FIELD);
    }
  }

  @Test
  void aPayloadThatIsTooLongOrTooShortIsAnInvalidField() {
    MemorySegment large = MemorySegment.ofArray(new byte[SecurityProtocols.MAX_PAYLOAD_BYTES + 1]);
    assertThat(device.send(3, ComId.KEYS, 0, large)).isEqualTo(NvmeStatus.INVALID_FIELD);
    MemorySegment small = MemorySegment.ofArray(new byte[ComIdRequest.BYTES - 1]);
    assertThat(device.send(2, ComId.KEYS, 1, small)).isEqualTo(NvmeStatus.INVALID_FIELD);
    assertThat(device.send(3, ComId.KEYS, 1, small)).isEqualTo(NvmeStatus.INVALID_FIELD);
  }

  @Test
  void withoutARequestThereIsNoResponse() {
    byte[] data = receive(2, ComId.KEYS, 1, ComIdRequest.RESPONSE_BYTES);
    assertThat(ComIdRequest.status(MemorySegment.ofArray(data))).isEqualTo(-1);
    MemorySegment packet = MemorySegment.ofArray(receive(3, ComId.KEYS, 1, 64));
    assertThat(ComPacket.message(packet, ComId.KEYS)).isNotNull();
    assertThat(packet.asSlice(16, 4).toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void aResponseWaitsUntilThereIsRoomAndIsGivenOnce() {
    KeyChannel host = new KeyChannel(device);
    MemorySegment packet =
        KeyChannel.mekPacket(1, 0, KeyChannel.KEK_UID, host.kek, bytes(0, 64), new byte[0]);
    device.send(3, ComId.KEYS, 0, packet);
    byte[] tooSmall = receive(3, ComId.KEYS, 0, 64);
    assertThat(slice(tooSmall, 16, 4)).as("length").containsExactly(0, 0, 0, 0);
    assertThat(slice(tooSmall, 8, 4)).as("outstanding").isNotEqualTo(new byte[4]);
    byte[] large = receive(3, ComId.KEYS, 0, 4096);
    assertThat(slice(large, 16, 4)).isEqualTo(slice(tooSmall, 8, 4));
    byte[] again = receive(3, ComId.KEYS, 0, 4096);
    assertThat(slice(again, 16, 4)).as("length").containsExactly(0, 0, 0, 0);
  }

  @Test
  void aResetForgetsWhatWaitsAndKeepsKeys() {
    KeyChannel host = new KeyChannel(device).withKek();
    host.importMek(1, 0, bytes(0, 64));
    host.clear(1, 7);
    device.reset();
    assertThat(keys.cipher(1, 0)).isNotNull();
    byte[] data = receive(2, ComId.KEYS, 1, ComIdRequest.RESPONSE_BYTES);
    assertThat(ComIdRequest.status(MemorySegment.ofArray(data))).isEqualTo(-1);
  }

  @Test
  void noKeyIsInAnyResponse() {
    KeyChannel host = new KeyChannel(device).withKek();
    byte[] key =
        "the key that nobody may ever see again, and that has 64 bytes .."
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(key).hasSize(64);
    host.importMek(1, 0, key);
    for (int protocol = 0; protocol < 5; protocol++) {
      for (int comId : new int[] {0, 1, 2, 4, 6, ComId.KEYS}) {
        byte[] data = new byte[8192];
        device.receive(protocol, comId, 1, MemorySegment.ofArray(data));
        String text = new String(data, StandardCharsets.ISO_8859_1);
        assertThat(text).doesNotContain("nobody").doesNotContain("bytes ..");
        assertThat(text).doesNotContain(new String(host.kek, 0, 8, StandardCharsets.ISO_8859_1));
      }
    }
  }

  @Test
  void anyPayloadOnAnyProtocolGetsAStatus() {
    KeyChannel host = new KeyChannel(device).withKek();
    byte[] good =
        KeyChannel.mekPacket(1, 9, KeyChannel.KEK_UID, host.kek, bytes(0, 64), new byte[0])
            .toArray(ValueLayout.JAVA_BYTE);
    SplittableRandom random = new SplittableRandom(20261125);
    int[] comIds = {0, 1, 2, 4, 5, 6, ComId.KEYS, 0xFFFF};
    int taken = 0;
    for (int round = 0; round < 30_000; round++) {
      byte[] payload = random.nextInt(3) == 0 ? randomBytes(random) : changed(good, random);
      int protocol = random.nextInt(5);
      int comId = comIds[random.nextInt(comIds.length)];
      int namespace = random.nextInt(5) - 1;
      device.send(protocol, comId, namespace, MemorySegment.ofArray(payload));
      device.receive(
          protocol, comId, namespace, MemorySegment.ofArray(new byte[random.nextInt(200)]));
      device.send(3, ComId.KEYS, namespace, MemorySegment.ofArray(payload));
      taken += keys.cipher(1, 9) != null ? 1 : 0;
      keys.clear(1, 9);
    }
    assertThat(taken).as("messages that were still good").isBetween(1, 20_000);
    assertThat(host.importMek(1, 9, bytes(0, 64))).as("the device is alive").isZero();
  }

  private static byte[] randomBytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(120)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] changed(byte[] good, SplittableRandom random) {
    byte[] bytes = good.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private byte[] receive(int protocol, int comId, int namespace, int bytes) {
    byte[] target = new byte[bytes];
    assertThat(device.receive(protocol, comId, namespace, MemorySegment.ofArray(target)))
        .isEqualTo(NvmeStatus.SUCCESS);
    return target;
  }

  private static byte[] slice(byte[] bytes, int from, int count) {
    return Arrays.copyOfRange(bytes, from, from + count);
  }
}
