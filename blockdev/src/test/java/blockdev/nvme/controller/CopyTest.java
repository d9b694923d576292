package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copy on blocks of 512 bytes. Block n holds bytes n + 1, source ranges lie at {@link #RANGES}. */
class CopyTest {
  private static final int RANGES = 3 << 20;
  private static final int READ = 4 << 20;

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void rangesFollowOneAnotherAtTheDestination(int format) {
    try (HandHost host = host()) {
      range(host, 0, format, 3, 2);
      range(host, 1, format, 0, 1);
      good(host, Command.copy(8, 2, format, RANGES));
      assertThat(host.mediumAt(8 * 512, 1024)).isEqualTo(host.mediumAt(3 * 512, 1024));
      assertThat(host.mediumAt(10 * 512, 512)).containsOnly(1);
      assertThat(host.mediumAt(11 * 512, 512)).containsOnly(12);
    }
  }

  @Test
  void eachSourceIsDecryptedWithItsKeyAndTheDestinationEncryptedWithAnother() {
    byte[] otherRaw = HandHost.rawKey();
    otherRaw[0]++;
    try (HandHost host = host();
        CryptoKey first = HandHost.key(512);
        CryptoKey other = new CryptoKey(first.config(), otherRaw)) {
      host.controller.crypto.program(0, first);
      host.controller.crypto.program(1, other);
      good(host, Command.write(0, 2, 0, 0).crypto(15, 0, 7, 1));
      good(host, Command.write(2, 2, 0, 0).crypto(15, 1, 70, 0));
      range(host, 0, 0, 0, 2)
          .putLong(0, 7)
          .put(18, (byte) 15)
          .putShort(20, (short) 0)
          .putLong(24, 1);
      range(host, 1, 0, 2, 2).putLong(0, 70).put(18, (byte) 15).putShort(20, (short) 1);
      range(host, 2, 0, 6, 1);
      putRanges(host);
      good(host, Command.copy(100, 3, 0, RANGES).crypto(15, 1, -2, 5));
      good(host, Command.read(100, 5, READ, 0).crypto(15, 1, -2, 5));
      assertThat(host.memoryAt(READ, 1024)).isEqualTo(host.memoryAt(0, 1024));
      assertThat(host.memoryAt(READ + 1024, 1024)).isEqualTo(host.memoryAt(0, 1024));
      assertThat(host.memoryAt(READ + 2048, 512)).containsOnly(7);
      assertThat(host.mediumAt(104 * 512, 512)).isNotEqualTo(host.mediumAt(6 * 512, 512));
    }
  }

  @Test
  void sourcesAreReadBeforeTheDestinationIsWritten() {
    try (HandHost host = host()) {
      range(host, 0, 0, 0, 8);
      range(host, 1, 0, 4, 2);
      good(host, Command.copy(1, 2, 0, RANGES));
      for (int i = 0; i < 8; i++) {
        assertThat(host.mediumAt((1 + i) * 512L, 512)).containsOnly(i + 1);
      }
      assertThat(host.mediumAt(9 * 512, 512)).containsOnly(5);
    }
  }

  @Test
  void deallocatedSourcesAreZeroesAndMarkedOnesFailWithTheirPlaceInTheList() {
    try (HandHost host = host();
        CryptoKey key = HandHost.key(512)) {
      host.controller.crypto.program(0, key);
      good(host, Command.deallocateZeroes(1, 1));
      range(host, 0, 0, 1, 1).put(18, (byte) 15);
      range(host, 1, 0, 2, 1);
      putRanges(host);
      good(host, Command.copy(10, 2, 0, RANGES));
      assertThat(host.mediumAt(10 * 512, 512)).containsOnly(0);
      assertThat(host.mediumAt(11 * 512, 512)).containsOnly(3);
      good(host, Command.writeUncorrectable(2, 1));
      assertThat(host.io(Command.copy(20, 2, 0, RANGES)))
          .isEqualTo(NvmeStatus.UNRECOVERED_READ_ERROR);
      assertThat(host.lastResult()).as("the second source").isEqualTo(1);
      assertThat(host.mediumAt(20 * 512, 1024)).isEqualTo(blocks(20, 2));
      good(host, Command.copy(2, 1, 0, RANGES));
      good(host, Command.verify(2, 1));
    }
  }

  @Test
  void whatIsTooMuchOrOutsideIsRefusedAndNothingIsWritten() {
    try (HandHost host = host()) {
      MemorySegment before = MemorySegment.ofArray(host.mediumAt(0, HandHost.MEDIUM_BYTES));
      int limit = NvmeStatus.COMMAND_SIZE_LIMIT_EXCEEDED;
      int outside = NvmeStatus.LBA_OUT_OF_RANGE;
      range(host, 0, 0, 0, 2049);
      assertThat(host.io(Command.copy(4096, 1, 0, RANGES))).isEqualTo(limit);
      range(host, 0, 0, 0, 2048);
      range(host, 1, 0, 0, 1);
      assertThat(host.io(Command.copy(4096, 2, 0, RANGES))).isEqualTo(limit);
      assertThat(host.io(Command.copy(4096, 129, 0, RANGES))).isEqualTo(limit);
      assertThat(host.io(Command.copy(8192 - 2047, 1, 0, RANGES))).isEqualTo(outside);
      assertThat(host.io(Command.copy(-1, 1, 0, RANGES))).isEqualTo(outside);
      range(host, 1, 0, 8191, 2);
      range(host, 0, 0, 0, 1);
      assertThat(host.io(Command.copy(0, 2, 0, RANGES))).isEqualTo(outside);
      assertThat(host.lastResult()).isEqualTo(1);
      range(host, 0, 0, 0, 1).put(18, (byte) 1);
      putRanges(host);
      assertThat(host.io(Command.copy(8, 1, 0, RANGES))).isEqualTo(NvmeStatus.INVALID_FIELD);
      range(host, 0, 0, 0, 1).put(18, (byte) 15);
      putRanges(host);
      assertThat(host.io(Command.copy(8, 1, 0, RANGES))).isEqualTo(NvmeStatus.INVALID_KEY_TAG);
      assertThat(host.io(Command.copy(8, 1, 2, RANGES)))
          .as("not enabled")
          .isEqualTo(NvmeStatus.INVALID_FIELD);
      assertThat(host.io(Command.copy(8, 1, 4, RANGES))).isEqualTo(NvmeStatus.INVALID_FIELD);
      assertThat(host.io(Command.copy(8, 1, 0, -4096))).isEqualTo(NvmeStatus.DATA_TRANSFER_ERROR);
      assertThat(host.medium.segment().mismatch(before)).isEqualTo(-1);
      range(host, 0, 0, 0, 2048);
      good(host, Command.copy(4096, 1, 0, RANGES));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void formatsWithNamespacesAreEnabledByTheHostAndDoNotOverlap(int format) {
    try (HandHost host = host()) {
      host.controller.enableCopyFormats(1 << format);
      range(host, 0, format, 3, 2).putInt(0, 1);
      putRanges(host);
      good(host, Command.copy(8, 1, format, RANGES));
      assertThat(host.mediumAt(8 * 512, 1024)).isEqualTo(blocks(3, 2));
      assertThat(host.io(Command.copy(4, 1, format, RANGES)))
          .isEqualTo(NvmeStatus.OVERLAPPING_IO_RANGE);
      ranges.put(18, (byte) 15);
      putRanges(host);
      assertThat(host.io(Command.copy(8, 1, format, RANGES))).isEqualTo(NvmeStatus.INVALID_FIELD);
      range(host, 0, format, 3, 2).putInt(0, 2);
      putRanges(host);
      assertThat(host.io(Command.copy(8, 1, format, RANGES)))
          .isEqualTo(NvmeStatus.INVALID_NAMESPACE);
    }
  }

  @Test
  void protectionInformationIsCheckedAtTheSourceAndMadeAnewForTheDestination() {
    LbaFormat format = new LbaFormat(4096, 16).withProtection(false);
    try (HandHost host = HandHost.ready(format)) {
      Command write = Command.write(4, 2, 0, 4096).metadata(65536);
      good(host, write.protection(8, 4, 0x77, 0));
      range(host, 0, 0, 5, 1);
      ByteBuffer tags = ranges.duplicate().order(ByteOrder.BIG_ENDIAN);
      tags.putInt(24, 5);
      ranges.putShort(28, (short) 0x77).putShort(30, (short) -1);
      putRanges(host);
      int actAndCheck = 15 << 12;
      Command copy = Command.copy(9, 1, 0, RANGES).cdw12(actAndCheck).protection(8, 9, 0x88, 0);
      good(host, copy);
      good(host, Command.verify(9, 1).protection(7, 9, 0x88, 0xFFFF));
      Command half = Command.copy(9, 1, 0, RANGES).cdw12(7 << 12).protection(8, 9, 0x88, 0);
      assertThat(host.io(half)).as("one acts").isEqualTo(NvmeStatus.INVALID_FIELD);
      Command asItIs = Command.copy(9, 1, 0, RANGES).cdw12(7 << 12).protection(1, 9, 0, 0);
      assertThat(host.io(asItIs)).isEqualTo(NvmeStatus.REFERENCE_TAG_CHECK_ERROR);
      ranges.putShort(28, (short) 0x78);
      putRanges(host);
      assertThat(host.io(copy)).isEqualTo(NvmeStatus.APPLICATION_TAG_CHECK_ERROR);
      tags.putInt(24, 4);
      putRanges(host);
      assertThat(host.io(copy)).isEqualTo(NvmeStatus.INVALID_PROTECTION_INFORMATION);
    }
  }

  private final ByteBuffer ranges = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

  /** Writes a source range; returns its bytes, to be changed before {@link #putRanges}. */
  private ByteBuffer range(HandHost host, int index, int format, long lba, int blocks) {
    int bytes = (format & 1) == 0 ? 32 : 40;
    ranges.put(index * bytes, new byte[bytes]);
    ByteBuffer range = ranges.slice(index * bytes, bytes).order(ByteOrder.LITTLE_ENDIAN);
    range.putLong(8, lba).putShort(16, (short) (blocks - 1));
    putRanges(host);
    return range;
  }

  private void putRanges(HandHost host) {
    MemorySegment.copy(MemorySegment.ofArray(ranges.array()), 0, host.memory, RANGES, 4096);
  }

  private static HandHost host() {
    HandHost host = HandHost.ready(512, 8);
    MemorySegment bytes = MemorySegment.ofArray(blocks(0, 64));
    MemorySegment.copy(bytes, 0, host.medium.segment(), 0, bytes.byteSize());
    host.fill(0, 4096, 0x66);
    return host;
  }

  private static byte[] blocks(int first, int count) {
    byte[] bytes = new byte[count * 512];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first + i / 512 + 1);
    }
    return bytes;
  }

  private static void good(HandHost host, Command command) {
    assertThat(NvmeStatus.describe(host.io(command))).isEqualTo("success");
  }
}
