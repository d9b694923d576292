package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.media.NullMedium;
import blockdev.nvme.GuardCrc;
import blockdev.nvme.KeyBlock;
import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protection information of type 1, on blocks of 4096 bytes. */
class ProtectionTest {
  private static final int DATA = 1 << 20;
  private static final int METADATA = 2 << 20;
  private static final int READ = 3 << 20;
  private static final int READ_METADATA = 4 << 20;
  private static final int PRACT = 8;
  private static final int GUARD = 4;
  private static final int TAG = 2;
  private static final int REFERENCE = 1;
  private static final int ALL = GUARD | TAG | REFERENCE;

  @ParameterizedTest
  @CsvSource({"8, false", "16, false", "16, true", "64, false", "64, true"})
  void theDeviceMakesTuplesOverThePlaintextAndTheMetadataBeforeThem(int bytes, boolean first) {
    try (HandHost host = host(bytes, first);
        CryptoKey key = HandHost.key(4096)) {
      host.controller.crypto.program(0, key);
      fillRandom(host);
      byte[] metadata = host.memoryAt(METADATA, 2 * bytes);
      Command write = Command.write(7, 2, DATA, DATA + 4096).crypto(15, 0, 3, METADATA);
      good(host, write.protection(PRACT, 7, 0x1234, 0));
      Command read = Command.read(7, 2, READ, READ + 4096).crypto(15, 0, 3, READ_METADATA);
      good(host, read.protection(ALL, 7, 0x1234, 0xFFFF));
      assertThat(host.memoryAt(READ, 8192)).isEqualTo(host.memoryAt(DATA, 8192));
      for (int block = 0; block < 2; block++) {
        int at = block * bytes + (first ? 0 : bytes - 8);
        byte[] covered = new byte[4096 + (first ? 0 : bytes - 8)];
        System.arraycopy(host.memoryAt(DATA + 4096L * block, 4096), 0, covered, 0, 4096);
        System.arraycopy(metadata, block * bytes, covered, 4096, covered.length - 4096);
        int guard = GuardCrc.update(0, MemorySegment.ofArray(covered), 0, covered.length);
        ByteBuffer.wrap(metadata, at, 8)
            .putShort((short) guard)
            .putShort((short) 0x1234)
            .putInt(7 + block);
      }
      assertThat(host.memoryAt(READ_METADATA, 2 * bytes)).isEqualTo(metadata);
    }
  }

  @Test
  void withNothingButTuplesThatTheDeviceMakesNoMetadataMoves() {
    try (HandHost host = host(8, false)) {
      fillRandom(host);
      good(host, Command.write(0, 1, DATA, 0).metadata(-1).protection(PRACT, 0, 5, 0));
      Command read = Command.read(0, 1, READ, 0).metadata(-1);
      good(host, read.protection(PRACT | GUARD | REFERENCE, 0, 0, 0));
      assertThat(host.memoryAt(READ, 4096)).isEqualTo(host.memoryAt(DATA, 4096));
      assertThat(host.io(Command.read(0, 1, READ, 0).metadata(-1).protection(GUARD, 0, 0, 0)))
          .as("without action it moves")
          .isEqualTo(NvmeStatus.INVALID_FIELD);
    }
  }

  @ParameterizedTest(name = "a byte {0} past the start of {1}: {2}")
  @CsvSource({
    "0, data, 282", "4095, data, 282", "0, metadata, 282", "7, metadata, 282",
    "8, metadata, 282", "9, metadata, 282", "10, metadata, 283", "11, metadata, 283",
    "12, metadata, 284", "15, metadata, 284"
  })
  void whatChangedOnTheMediumIsFoundByEveryCommandThatChecks(
      int offset, String where, String status) {
    try (HandHost host = host(16, false)) {
      fillRandom(host);
      good(
          host,
          Command.write(0, 4, DATA, list(host)).metadata(METADATA).protection(PRACT, 0, 0x0102, 0));
      long at = where.equals("data") ? 2 * 4096 + offset : 1020 * 4096 + 2 * 16 + offset;
      byte old = host.mediumAt(at, 1)[0];
      host.medium.segment().asSlice(at, 1).fill((byte) (old ^ 0x10));
      int expected = Integer.parseInt(status, 16);
      Command read = Command.read(0, 4, READ, list(host)).metadata(READ_METADATA);
      assertThat(host.io(read.protection(ALL, 0, 0x0102, 0xFFFF))).isEqualTo(expected);
      assertThat(host.memoryAt(READ, 4096)).as("nothing was read").containsOnly(0);
      assertThat(host.io(Command.verify(0, 4).protection(ALL, 0, 0x0102, 0xFFFF)))
          .isEqualTo(expected);
      Command compare = Command.compare(0, 4, DATA, list(host)).metadata(METADATA);
      assertThat(host.io(compare.protection(ALL, 0, 0x0102, 0xFFFF))).isEqualTo(expected);
      good(host, Command.verify(0, 4).protection(0, 0, 0, 0));
      good(host, Command.verify(0, 2).protection(ALL, 0, 0x0102, 0xFFFF));
      good(host, Command.verify(3, 1).protection(ALL, 3, 0x0102, 0xFFFF));
    }
  }

  @Test
  void eachCheckIsMadeOnlyIfItIsAskedForAndTheTagUnderItsMask() {
    try (HandHost host = host(16, false)) {
      good(host, Command.write(9, 1, DATA, 0).metadata(METADATA).protection(PRACT, 9, 0xABCD, 0));
      good(host, Command.verify(9, 1).protection(TAG, 0, 0xABCD, 0xFFFF));
      good(host, Command.verify(9, 1).protection(TAG, 0, 0x00CD, 0x00FF));
      good(host, Command.verify(9, 1).protection(TAG, 0, 0, 0));
      good(host, Command.verify(9, 1).protection(GUARD, 0, 0, 0xFFFF));
      assertThat(host.io(Command.verify(9, 1).protection(TAG, 0, 0xAACD, 0x0FFF)))
          .isEqualTo(NvmeStatus.APPLICATION_TAG_CHECK_ERROR);
    }
  }

  @Test
  void aTupleOfTheHostIsCheckedBeforeItIsWrittenAndRestsAsItCame() {
    try (HandHost host = host(8, false)) {
      fillRandom(host);
      int guard = GuardCrc.update(0, host.memory, DATA, 4096);
      tuple(host, METADATA, guard, 0x0A0B, 70);
      Command write = Command.write(70, 1, DATA, 0).metadata(METADATA);
      good(host, write.protection(ALL, 70, 0x0A0B, 0xFFFF));
      good(host, Command.read(70, 1, READ, 0).metadata(READ_METADATA));
      assertThat(host.memoryAt(READ_METADATA, 8)).isEqualTo(host.memoryAt(METADATA, 8));
      byte[] before = host.mediumAt(70 * 4096, 4096);
      host.fill(DATA, 4096, 0x42);
      assertThat(host.io(write)).isEqualTo(NvmeStatus.GUARD_CHECK_ERROR);
      assertThat(host.mediumAt(70 * 4096, 4096)).isEqualTo(before);
      tuple(host, METADATA, 0x4711, 0xFFFF, 5);
      good(host, write);
      good(host, Command.verify(70, 1).protection(ALL, 70, 0, 0xFFFF));
    }
  }

  @Test
  void theReferenceIsTheAddressWhereItIsCheckedOrMade() {
    int invalid = NvmeStatus.INVALID_PROTECTION_INFORMATION;
    try (HandHost host = host(16, false)) {
      Command write = Command.write(9, 1, DATA, 0).metadata(METADATA);
      assertThat(host.io(write.protection(PRACT, 8, 0, 0))).isEqualTo(invalid);
      Command checked = Command.write(9, 1, DATA, 0).metadata(METADATA);
      assertThat(host.io(checked.protection(REFERENCE, 8, 0, 0))).isEqualTo(invalid);
      Command read = Command.read(9, 1, READ, 0).metadata(READ_METADATA);
      good(host, read.protection(GUARD, 8, 0, 0));
      assertThat(host.io(read.protection(REFERENCE, 8, 0, 0))).isEqualTo(invalid);
      assertThat(host.io(Command.verify(9, 1).protection(REFERENCE, 8, 0, 0))).isEqualTo(invalid);
      Command compare = Command.compare(9, 1, DATA, 0).metadata(METADATA);
      assertThat(host.io(compare.protection(REFERENCE, 8, 0, 0))).isEqualTo(invalid);
    }
  }

  @Test
  void theDeviceDoesNotActForCommandsThatHaveNothingToMake() {
    int invalid = NvmeStatus.INVALID_PROTECTION_INFORMATION;
    try (HandHost host = host(16, false)) {
      Command compare = Command.compare(9, 1, DATA, 0).metadata(METADATA);
      assertThat(host.io(compare.protection(PRACT, 9, 0, 0))).isEqualTo(invalid);
      assertThat(host.io(Command.verify(9, 1).protection(PRACT, 9, 0, 0))).isEqualTo(invalid);
      assertThat(host.io(Command.writeZeroes(9, 1).protection(GUARD, 9, 0, 0))).isEqualTo(invalid);
    }
  }

  @Test
  void compareLooksAtMetadataBesideTheTuple() {
    for (boolean first : new boolean[] {false, true}) {
      try (HandHost host = host(16, first)) {
        Command write = Command.write(0, 2, DATA, DATA + 4096).metadata(METADATA);
        good(host, write.protection(PRACT, 0, 0, 0));
        Command compare = Command.compare(0, 2, DATA, DATA + 4096).metadata(METADATA);
        good(host, compare);
        host.fill(METADATA + 16 + (first ? 0 : 8), 8, 0x66);
        good(host, compare);
        host.fill(METADATA + 16 + (first ? 8 : 7), 1, 0x66);
        assertThat(host.io(compare)).isEqualTo(NvmeStatus.COMPARE_FAILURE);
      }
    }
  }

  @Test
  void blocksThatWereNeverWrittenAndDeallocatedOnesAreNotChecked() {
    try (HandHost host = host(16, false)) {
      good(host, Command.verify(0, 1020).protection(ALL, 0, 1, 0xFFFF));
      fillRandom(host);
      good(host, Command.write(0, 1, DATA, 0).metadata(METADATA).protection(PRACT, 0, 3, 0));
      good(host, Command.deallocateZeroes(0, 1));
      Command read = Command.read(0, 1, READ, 0).metadata(READ_METADATA);
      host.fill(READ_METADATA, 16, 0x77);
      good(host, read.protection(ALL, 0, 1, 0xFFFF));
      byte[] metadata = host.memoryAt(READ_METADATA, 16);
      assertThat(metadata).startsWith(new byte[8]);
      assertThat(ByteBuffer.wrap(metadata).getLong(8)).as("guard and tags").isEqualTo(-1);
    }
  }

  @Test
  void zeroesHaveTuplesThatTheDeviceMakesOrNone() {
    try (HandHost host = host(16, false)) {
      good(host, Command.writeZeroes(5, 2).protection(PRACT, 5, 0x11, 0));
      good(host, Command.verify(5, 2).protection(ALL, 5, 0x11, 0xFFFF));
      good(host, Command.writeZeroes(5, 2));
      Command read = Command.read(6, 1, READ, 0).metadata(READ_METADATA);
      host.fill(READ_METADATA, 16, 0x77);
      good(host, read);
      assertThat(host.memoryAt(READ_METADATA, 16)).containsOnly(0);
      assertThat(host.io(Command.verify(6, 1).protection(REFERENCE, 6, 0, 0)))
          .isEqualTo(NvmeStatus.REFERENCE_TAG_CHECK_ERROR);
    }
  }

  @Test
  void verifyCountsReferencesOnOverMoreThanATransfer() {
    try (HandHost host = host(8, false)) {
      good(host, Command.writeZeroes(0, 1000).protection(PRACT, 0, 0, 0));
      good(host, Command.verify(0, 1000).protection(ALL, 0, 0, 0));
      long tuple = 1022 * 4096L + 999 * 8 + 7;
      host.medium.segment().asSlice(tuple, 1).fill((byte) 0);
      assertThat(host.io(Command.verify(0, 1000).protection(REFERENCE, 0, 0, 0)))
          .isEqualTo(NvmeStatus.REFERENCE_TAG_CHECK_ERROR);
    }
  }

  @Test
  void aKeyBlockHasNoRoomBesideTags() {
    try (HandHost host = HandHost.slotless(new LbaFormat(4096, 16).withProtection(false));
        CryptoKey key = HandHost.key(4096)) {
      KeyBlock.put(host.memory, READ, CryptoMode.AES_256_XTS, 4096, key.exposeSecretBytes());
      Command write = Command.write(0, 1, DATA, 0).crypto(15, 0xFFFF, 0, METADATA);
      write.bytes.putLong(56, READ);
      assertThat(host.io(write)).isEqualTo(NvmeStatus.INVALID_FIELD);
    }
    try (HandHost host = HandHost.slotless(new LbaFormat(4096, 16));
        CryptoKey key = HandHost.key(4096)) {
      KeyBlock.put(host.memory, READ, CryptoMode.AES_256_XTS, 4096, key.exposeSecretBytes());
      Command write = Command.write(0, 1, DATA, 0).crypto(15, 0xFFFF, 0, METADATA);
      write.bytes.putLong(56, READ);
      good(host, write);
    }
  }

  @Test
  void aMediumWithoutBytesCannotHaveIt() {
    LbaFormat format = new LbaFormat(4096, 8).withProtection(false);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Namespace.whole(1, new NullMedium(1 << 20), format));
    Namespace plain = Namespace.whole(1, new NullMedium(1 << 20), new LbaFormat(4096, 8));
    assertThat(Objects.requireNonNull(plain).blocks()).isEqualTo(255);
  }

  private static HandHost host(int metadataBytes, boolean first) {
    return HandHost.ready(new LbaFormat(4096, metadataBytes).withProtection(first));
  }

  private static void fillRandom(HandHost host) {
    byte[] bytes = new byte[16384];
    new Random(3).nextBytes(bytes);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, host.memory, DATA, 16384);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 77, host.memory, METADATA, 256);
  }

  private static void tuple(HandHost host, long at, int guard, int tag, int reference) {
    ByteBuffer tuple = ByteBuffer.allocate(8);
    tuple.putShort((short) guard).putShort((short) tag).putInt(reference);
    MemorySegment.copy(MemorySegment.ofArray(tuple.array()), 0, host.memory, at, 8);
  }

  /** A PRP list of the three pages that follow the one of DATA. */
  private static long list(HandHost host) {
    long list = 5 << 20;
    for (int i = 0; i < 3; i++) {
      host.memory.set(
          java.lang.foreign.ValueLayout.JAVA_LONG, list + 8L * i, DATA + 4096L * (i + 1));
    }
    return list;
  }

  private static void good(HandHost host, Command command) {
    assertThat(NvmeStatus.describe(host.io(command))).isEqualTo("success");
  }
}
