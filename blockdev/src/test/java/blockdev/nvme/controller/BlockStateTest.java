package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.media.NullMedium;
import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zeroes, deallocation and marks, on blocks of 512 bytes. Slot 0 has a key for single blocks. */
class BlockStateTest {
  private static final int TARGET = 1 << 20;
  private static final int RANGES = 2 << 20;

  private final HandHost host = HandHost.ready(512, 8);
  private final CryptoKey key = HandHost.key(512);

  @BeforeEach
  void program() {
    host.controller.crypto.program(0, key);
    host.fill(0, 65536, 0x42);
  }

  @AfterEach
  void close() {
    host.close();
    key.close();
  }

  @Test
  void zeroesAreWrittenWithTheKeyOfTheCommand() {
    good(encrypted(Command.write(0, 8, 0, 0), 0));
    good(encrypted(Command.writeZeroes(2, 3), 2));
    assertThat(host.mediumAt(1024, 1536)).as("ciphertext").contains(1, 2, 3);
    good(encrypted(Command.read(0, 8, TARGET, 0), 0));
    assertThat(host.memoryAt(TARGET, 1024)).containsOnly(0x42);
    assertThat(host.memoryAt(TARGET + 1024, 1536)).containsOnly(0);
    assertThat(host.memoryAt(TARGET + 2560, 1536)).containsOnly(0x42);
  }

  @Test
  void zeroesWithoutAKeyAreZeroesOnTheMedium() {
    good(Command.write(0, 8, 0, 0));
    good(Command.writeZeroes(2, 3));
    assertThat(host.mediumAt(0, 1024)).containsOnly(0x42);
    assertThat(host.mediumAt(1024, 1536)).containsOnly(0);
    assertThat(host.mediumAt(2560, 1536)).containsOnly(0x42);
  }

  @Test
  void zeroesOfMoreThanATransferAreWrittenWithContinuingNumbers() {
    good(encrypted(Command.writeZeroes(0, 4096), 0));
    good(encrypted(Command.read(4088, 8, TARGET, 0), 4088));
    assertThat(host.memoryAt(TARGET, 4096)).containsOnly(0);
    assertThat(host.mediumAt(4088 * 512, 512)).isNotEqualTo(new byte[512]);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deallocatedBlocksReadAsZeroesWithWhateverKey(boolean withZeroes) {
    good(encrypted(Command.write(0, 8, 0, 0), 0));
    deallocate(withZeroes, 2, 3);
    assertThat(host.mediumAt(1024, 1536)).as("nothing stays").containsOnly(0);
    good(encrypted(Command.read(0, 8, TARGET, 0), 0));
    assertThat(host.memoryAt(TARGET, 1024)).containsOnly(0x42);
    assertThat(host.memoryAt(TARGET + 1024, 1536)).containsOnly(0);
    assertThat(host.memoryAt(TARGET + 2560, 1536)).containsOnly(0x42);
    good(encrypted(Command.read(2, 3, TARGET, 0), 77));
    assertThat(host.memoryAt(TARGET, 1536)).containsOnly(0);
    good(Command.read(2, 3, TARGET, 0));
    assertThat(host.memoryAt(TARGET, 1536)).containsOnly(0);
  }

  @Test
  void deallocatedBlocksOfAReadInManyPlacesAreZeroedInTheirs() {
    good(encrypted(Command.write(0, 24, 0, 4096).prp(0, 4096), 0).range(0, 16));
    deallocate(false, 6, 4);
    good(encrypted(Command.read(0, 16, TARGET + 1024, TARGET + 65536), 0).range(0, 14));
    assertThat(host.memoryAt(TARGET + 1024, 3072)).containsOnly(0x42);
    assertThat(host.memoryAt(TARGET + 65536, 2048)).containsOnly(0);
    assertThat(host.memoryAt(TARGET + 65536 + 2048, 2048)).containsOnly(0x42);
  }

  @Test
  void aWriteEndsDeallocation() {
    deallocate(false, 0, 8);
    good(encrypted(Command.write(3, 1, 0, 0), 3));
    good(encrypted(Command.read(2, 3, TARGET, 0), 2));
    assertThat(host.memoryAt(TARGET, 512)).containsOnly(0);
    assertThat(host.memoryAt(TARGET + 512, 512)).containsOnly(0x42);
    assertThat(host.memoryAt(TARGET + 1024, 512)).containsOnly(0);
  }

  @Test
  void manyRangesAreDeallocatedTogetherOrNotAtAll() {
    good(Command.write(0, 16, 0, 4096));
    host.putRange(RANGES, 0, 2);
    host.putRange(RANGES + 16, 4, 0);
    host.putRange(RANGES + 32, 8190, 3);
    assertThat(host.io(Command.deallocate(3, RANGES))).isEqualTo(NvmeStatus.LBA_OUT_OF_RANGE);
    assertThat(host.mediumAt(0, 8192)).containsOnly(0x42);
    host.putRange(RANGES + 32, -1, 1);
    assertThat(host.io(Command.deallocate(3, RANGES))).isEqualTo(NvmeStatus.LBA_OUT_OF_RANGE);
    host.putRange(RANGES + 32, 8, 4);
    good(Command.deallocate(3, RANGES));
    assertThat(host.mediumAt(0, 1024)).containsOnly(0);
    assertThat(host.mediumAt(1024, 3072)).containsOnly(0x42);
    assertThat(host.mediumAt(4096, 2048)).containsOnly(0);
    assertThat(host.mediumAt(6144, 2048)).containsOnly(0x42);
  }

  @Test
  void all256RangesCanStartInsideAPage() {
    good(Command.write(0, 1024, 0, listOf(256)));
    for (int i = 0; i < 256; i++) {
      host.putRange(RANGES + 2048 + 16L * i, 4L * i, 1);
    }
    Command deallocate = Command.deallocate(256, RANGES + 2048).prp(RANGES + 2048, RANGES + 4096);
    good(deallocate);
    for (int i = 0; i < 256; i++) {
      assertThat(host.mediumAt(i * 2048L, 512)).as("range %d", i).containsOnly(0);
      assertThat(host.mediumAt(i * 2048L + 512, 1536)).containsOnly(0x42);
    }
  }

  @Test
  void hintsWithoutDeallocationChangeNothing() {
    good(Command.write(0, 8, 0, 0));
    host.putRange(RANGES, 0, 8);
    good(Command.deallocate(1, RANGES).cdw10And11(0, 3));
    assertThat(host.mediumAt(0, 4096)).containsOnly(0x42);
    host.putRange(RANGES, 8192, 1);
    assertThat(host.io(Command.deallocate(1, RANGES).cdw10And11(0, 3)))
        .isEqualTo(NvmeStatus.LBA_OUT_OF_RANGE);
  }

  @Test
  void whereDeallocationIsAnErrorAllThatReadsTheBlocksFails() {
    Namespace namespace = Objects.requireNonNull(host.controller.namespace(1));
    namespace.setDeallocatedIsError(true);
    good(Command.read(0, 8, TARGET, 0));
    deallocate(false, 3, 1);
    for (Command command : reading()) {
      assertThat(host.io(command)).isEqualTo(NvmeStatus.DEALLOCATED_OR_UNWRITTEN_BLOCK);
    }
    good(Command.read(4, 4, TARGET, 0));
    good(Command.writeZeroes(3, 1));
    good(Command.read(0, 8, TARGET, 0));
    deallocate(true, 3, 1);
    namespace.setDeallocatedIsError(false);
    good(Command.read(0, 8, TARGET, 0));
  }

  @Test
  void markedBlocksCannotBeReadUntilTheyAreWritten() {
    good(Command.write(0, 8, 0, 0));
    good(Command.writeUncorrectable(2, 2));
    for (Command command : reading()) {
      assertThat(host.io(command)).isEqualTo(NvmeStatus.UNRECOVERED_READ_ERROR);
    }
    assertThat(host.memoryAt(TARGET, 4096)).as("nothing was read").containsOnly(0);
    good(Command.read(0, 2, TARGET, 0));
    good(Command.write(2, 1, 0, 0));
    assertThat(host.io(Command.verify(0, 8))).isEqualTo(NvmeStatus.UNRECOVERED_READ_ERROR);
    good(Command.writeZeroes(3, 1));
    good(Command.verify(0, 8));
    good(Command.writeUncorrectable(2, 1));
    deallocate(false, 2, 1);
    good(Command.verify(0, 8));
  }

  @Test
  void verifyReachesOverMoreThanATransfer() {
    good(Command.verify(0, 8192));
    good(Command.writeUncorrectable(8191, 1));
    assertThat(host.io(Command.verify(0, 8192))).isEqualTo(NvmeStatus.UNRECOVERED_READ_ERROR);
    good(Command.verify(0, 8191));
  }

  @Test
  void afterAFormatAllBlocksAreUnwrittenAndZero() {
    good(Command.write(0, 8, 0, 0));
    good(Command.writeUncorrectable(8, 8));
    Namespace namespace = Objects.requireNonNull(host.controller.namespace(1));
    namespace.reformat(new LbaFormat(4096));
    assertThat(namespace.blocks()).isEqualTo(1024);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0);
    good(encrypted(Command.read(0, 1, TARGET, 0), 0));
    assertThat(host.memoryAt(TARGET, 4096)).containsOnly(0);
    namespace.setDeallocatedIsError(true);
    assertThat(host.io(Command.verify(1023, 1)))
        .isEqualTo(NvmeStatus.DEALLOCATED_OR_UNWRITTEN_BLOCK);
  }

  @Test
  void aMediumWithoutBytesHasStatesAllTheSame() {
    try (HandHost none = HandHost.ready(512, 8, new NullMedium(1L << 40))) {
      assertThat(none.io(Command.writeUncorrectable(1L << 30, 65536))).isZero();
      assertThat(none.io(Command.read(1L << 30, 8, 0, 0)))
          .isEqualTo(NvmeStatus.UNRECOVERED_READ_ERROR);
      none.putRange(RANGES, 0, -1);
      assertThat(none.io(Command.deallocate(1, RANGES))).isEqualTo(NvmeStatus.LBA_OUT_OF_RANGE);
      none.putRange(RANGES, 0, Integer.MAX_VALUE);
      assertThat(none.io(Command.deallocate(1, RANGES))).isZero();
      assertThat(none.io(Command.read(1L << 30, 8, 0, 0))).isZero();
      assertThat(none.io(Command.writeZeroes(0, 65536))).isZero();
      assertThat(none.io(Command.compare(0, 8, 0, 0))).isEqualTo(NvmeStatus.INVALID_OPCODE);
    }
  }

  private static Command[] reading() {
    return new Command[] {
      Command.read(0, 8, TARGET, 0), Command.compare(0, 8, 0, 0), Command.verify(0, 8),
    };
  }

  private void deallocate(boolean withZeroes, long lba, int blocks) {
    host.putRange(RANGES, lba, blocks);
    good(withZeroes ? Command.deallocateZeroes(lba, blocks) : Command.deallocate(1, RANGES));
  }

  /** A PRP list of the first {@code pages} pages, all page 0. */
  private long listOf(int pages) {
    long list = 4 << 20;
    for (int i = 0; i < pages; i++) {
      host.memory.set(java.lang.foreign.ValueLayout.JAVA_LONG, list + 8L * i, 0);
    }
    return list;
  }

  private void good(Command command) {
    assertThat(NvmeStatus.describe(host.io(command))).isEqualTo("success");
  }

  private static Command encrypted(Command command, long dun) {
    return command.crypto(15, 0, dun, 0);
  }
}
