package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.SubmissionEntry;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Commands of a device without keyslots, which bring their key: AES-256-XTS, key 00..3f, as in
 * {@link InlineCryptoCommandTest}.
 */
class KeyBlockCommandTest {
  private static final long BLOCK = 1 << 20;
  private static final int XTS = 1;

  private final HandHost host =
      HandHost.ready(new CryptoProfile(0, 16, Map.of(CryptoMode.AES_256_XTS, 4096)));

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void theKeyIsThatOfTheBlockAtTheOffsetInDwords14And15() throws NoSuchAlgorithmException {
    putBlock(BLOCK, XTS, 4096, 64);
    assertThat(host.io(write(0, 8, 0, 0, BLOCK))).isEqualTo(NvmeStatus.SUCCESS);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(host.mediumAt(0, 4096));
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("2ff2383204a6c38aa7ac6efe0a70e760b6208346f8aed8644350a2c396a666c2");
  }

  @Test
  void pagesAreReadBackAndTheNumberGoesOnFromSegmentToSegment() {
    putBlock(BLOCK, XTS, 4096, 64);
    host.fill(0, 8192, 0x42);
    assertThat(host.io(write(0, 16, 0, 65536, BLOCK))).isEqualTo(NvmeStatus.SUCCESS);
    Command second = Command.read(8, 8, 8192, 0).crypto(15, 0xFFFF, 8, 0);
    host.fill(65536, 4096, 0x17);
    assertThat(host.io(keyBlock(second, BLOCK))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(8192, 4096)).containsOnly(0);
    host.io(write(0, 16, 0, 65536, BLOCK));
    assertThat(host.io(keyBlock(second, BLOCK))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(8192, 4096)).containsOnly(0x17);
  }

  @ParameterizedTest(name = "{0} blocks of 512 bytes from {1}: {2}")
  @CsvSource({
    "1, 0, 004",
    "7, 0, 004",
    "9, 0, 004",
    "8, 512, 004",
    "8, 2048, 004",
    "16, 4092, 004"
  })
  void aSegmentThatIsNotOneDataUnitIsRefused(int blocks, long prp1, String status) {
    putBlock(BLOCK, XTS, 4096, 64);
    assertThat(host.io(write(0, blocks, prp1, 65536, BLOCK)))
        .isEqualTo(Integer.parseInt(status, 16));
    assertThat(host.mediumAt(0, 16384)).containsOnly(0);
  }

  @ParameterizedTest(name = "mode {0}, data unit {1}, key of {2} bytes: {3}")
  @CsvSource({
    "0, 0, 0, 025",
    "7, 4096, 64, 025",
    "1, 4096, 32, 025",
    "3, 4096, 32, 002",
    "1, 512, 64, 002",
    "1, 0, 64, 002"
  })
  void aBlockThatMakesNoSenseIsRefused(int mode, int dataUnit, int keyBytes, String status) {
    putBlock(BLOCK, mode, dataUnit, keyBytes);
    assertThat(host.io(write(0, 8, 0, 0, BLOCK))).isEqualTo(Integer.parseInt(status, 16));
  }

  @Test
  void anXtsKeyWithEqualHalvesIsRefused() {
    putBlock(BLOCK, XTS, 4096, 64);
    MemorySegment.copy(host.memory, BLOCK + 16, host.memory, BLOCK + 48, 32);
    assertThat(host.io(write(0, 8, 0, 0, BLOCK))).isEqualTo(NvmeStatus.INVALID_KEY_TAG);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0);
    Command read = Command.read(0, 8, 0, 0).crypto(15, 0xFFFF, 7, 0);
    assertThat(host.io(keyBlock(read, BLOCK))).isEqualTo(NvmeStatus.INVALID_KEY_TAG);
  }

  @ParameterizedTest
  @CsvSource({"-128", "-1", "8388481", "9223372036854775807"})
  void aBlockOutsideOfMemoryIsRefused(long offset) {
    assertThat(host.io(write(0, 8, 0, 0, offset))).isEqualTo(NvmeStatus.DATA_TRANSFER_ERROR);
  }

  @Test
  void aSlotIsRefusedHereAndAKeyBlockWhereThereAreSlots() {
    putBlock(BLOCK, XTS, 4096, 64);
    Command slot = Command.write(0, 8, 0, 0).crypto(15, 0, 7, 0);
    assertThat(host.io(keyBlock(slot, BLOCK))).isEqualTo(NvmeStatus.INVALID_FIELD);
    try (HandHost slotted = HandHost.ready(512, 8)) {
      assertThat(slotted.io(write(0, 8, 0, 0, BLOCK))).isEqualTo(NvmeStatus.INVALID_FIELD);
    }
  }

  @Test
  void aPlainCommandNeedsNoBlockAndNoWholePages() {
    host.fill(512, 512, 0x42);
    assertThat(host.io(Command.write(3, 1, 512, 0))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.mediumAt(3 * 512, 512)).containsOnly(0x42);
  }

  private static Command write(long lba, int blocks, long prp1, long prp2, long block) {
    return keyBlock(Command.write(lba, blocks, prp1, prp2).crypto(15, 0xFFFF, 7, 0), block);
  }

  private static Command keyBlock(Command command, long block) {
    command.bytes.putLong(56, block);
    return command;
  }

  private void putBlock(long at, int mode, int dataUnitSizeBytes, int keyBytes) {
    host.fill(at, 128, 0);
    host.memory.set(SubmissionEntry.INT, at, mode);
    host.memory.set(SubmissionEntry.INT, at + 4, dataUnitSizeBytes);
    host.memory.set(SubmissionEntry.INT, at + 8, keyBytes);
    byte[] key = HandHost.rawKey();
    for (int i = 0; i < keyBytes; i++) {
      host.fill(at + 16 + i, 1, key[i]);
    }
  }
}
