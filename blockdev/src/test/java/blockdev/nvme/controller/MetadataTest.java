package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of 4096 bytes with metadata and without protection information. */
class MetadataTest {
  private static final int DATA = 1 << 20;
  private static final int METADATA = 2 << 20;
  private static final int READ = 3 << 20;
  private static final int READ_METADATA = 4 << 20;
  private static final int LIST = 5 << 20;

  @ParameterizedTest
  @CsvSource({"16, 1020", "64, 1008", "8, 1022"})
  void whatIsInABufferOfItsOwnRestsBehindTheDataOfAllBlocks(int metadataBytes, int blocks) {
    try (HandHost host = HandHost.ready(new LbaFormat(4096, metadataBytes))) {
      assertThat(Objects.requireNonNull(host.controller.namespace(1)).blocks()).isEqualTo(blocks);
      host.fill(DATA, 8192, 0x42);
      host.fill(METADATA, metadataBytes, 0x51);
      host.fill(METADATA + metadataBytes, metadataBytes, 0x52);
      int last = blocks - 2;
      good(host, Command.write(last, 2, DATA, DATA + 4096).metadata(METADATA));
      assertThat(host.mediumAt(last * 4096L, 8192)).containsOnly(0x42);
      long region = blocks * 4096L;
      assertThat(host.mediumAt(region, last * metadataBytes)).containsOnly(0);
      assertThat(host.mediumAt(region + (long) last * metadataBytes, metadataBytes))
          .containsOnly(0x51);
      good(host, Command.read(last + 1, 1, READ, 0).metadata(READ_METADATA));
      assertThat(host.memoryAt(READ, 4096)).containsOnly(0x42);
      assertThat(host.memoryAt(READ_METADATA, metadataBytes)).containsOnly(0x52);
      assertThat(host.memoryAt(READ_METADATA + metadataBytes, 64)).containsOnly(0);
    }
  }

  @ParameterizedTest(name = "behind the data: {0}")
  @ValueSource(booleans = {false, true})
  void whatABlockHasBesideItsDataTakesNoTimeOfTheMedium(boolean extended) {
    try (HandHost host = HandHost.ready(new LbaFormat(4096, 64).withExtended(extended))) {
      good(host, Command.write(0, 1, DATA, DATA + 4096).metadata(METADATA));
      good(host, Command.read(0, 1, READ, READ + 4096).metadata(READ_METADATA));
      good(host, Command.compare(0, 1, DATA, DATA + 4096).metadata(METADATA));
      assertThat(host.controller.stationUse().get(1).totalBusyNs())
          .as("the die, 1 us for each of three pages")
          .isEqualTo(3000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 64})
  void whatFollowsItsDataInTheBufferRestsInTheSamePlace(int metadataBytes) {
    LbaFormat format = new LbaFormat(4096, metadataBytes).withExtended(true);
    try (HandHost host = HandHost.ready(format)) {
      long blocks = Objects.requireNonNull(host.controller.namespace(1)).blocks();
      for (int block = 0; block < 3; block++) {
        host.fill(DATA + block * (4096L + metadataBytes), 4096, 0x41 + block);
        host.fill(DATA + block * (4096L + metadataBytes) + 4096, metadataBytes, 0x51 + block);
      }
      list(host, 3);
      good(host, Command.write(5, 3, DATA, LIST));
      assertThat(host.mediumAt(6 * 4096, 4096)).containsOnly(0x42);
      assertThat(host.mediumAt(blocks * 4096 + 6L * metadataBytes, metadataBytes))
          .containsOnly(0x52);
      good(host, Command.compare(5, 3, DATA, LIST));
      good(host, Command.read(6, 1, READ, READ + 65536));
      assertThat(host.memoryAt(READ, 4096)).containsOnly(0x42);
      assertThat(host.memoryAt(READ + 65536, metadataBytes)).containsOnly(0x52);
      host.fill(DATA + 2 * (4096 + metadataBytes) - 1, 1, 0);
      assertThat(host.io(Command.compare(5, 3, DATA, LIST))).isEqualTo(NvmeStatus.COMPARE_FAILURE);
    }
  }

  @Test
  void theLargestTransferCountsMetadataOnlyWhereItFollowsItsData() {
    try (HandHost host = HandHost.ready(new LbaFormat(4096, 16))) {
      list(host, 256);
      good(host, Command.write(0, 256, DATA, LIST).metadata(METADATA));
    }
    try (HandHost host = HandHost.ready(new LbaFormat(4096, 16).withExtended(true))) {
      list(host, 256);
      assertThat(host.io(Command.write(0, 256, DATA, LIST))).isEqualTo(NvmeStatus.INVALID_FIELD);
      good(host, Command.write(0, 255, DATA, LIST));
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"2, 002", "1, 002", "-16, 004", "8388600, 004", "8388604, 004"})
  void aBadPointerIsRefused(long pointer, String status) {
    try (HandHost host = HandHost.ready(new LbaFormat(4096, 16))) {
      host.fill(DATA, 4096, 0x42);
      assertThat(host.io(Command.write(0, 1, DATA, 0).metadata(pointer)))
          .isEqualTo(Integer.parseInt(status, 16));
      assertThat(host.mediumAt(0, 4096)).containsOnly(0);
    }
  }

  @Test
  void metadataIsCompared() {
    try (HandHost host = HandHost.ready(new LbaFormat(4096, 16))) {
      host.fill(METADATA, 32, 0x51);
      good(host, Command.write(0, 2, DATA, DATA + 4096).metadata(METADATA));
      good(host, Command.compare(0, 2, DATA, DATA + 4096).metadata(METADATA));
      host.fill(METADATA + 31, 1, 0);
      assertThat(host.io(Command.compare(0, 2, DATA, DATA + 4096).metadata(METADATA)))
          .isEqualTo(NvmeStatus.COMPARE_FAILURE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void dataAreEncryptedUnderANumberOfOneLimbAndMetadataAreNot(boolean extended) {
    LbaFormat format = new LbaFormat(4096, 16).withExtended(extended);
    try (HandHost host = HandHost.ready(format);
        HandHost plain = HandHost.ready(new LbaFormat(4096));
        CryptoKey key = HandHost.key(512)) {
      host.controller.crypto.program(1, key);
      plain.controller.crypto.program(1, key);
      host.fill(DATA, 4096, 0x42);
      host.fill(METADATA, 16, 0x51);
      host.fill(DATA + 4096, 16, 0x51);
      plain.fill(DATA, 4096, 0x42);
      Command write = Command.write(1, 1, DATA, extended ? DATA + 4096 : 0);
      good(host, write.crypto(15, 1, -4, METADATA));
      good(plain, Command.write(1, 1, DATA, 0).crypto(15, 1, -4, 0));
      assertThat(host.mediumAt(4096, 4096)).isEqualTo(plain.mediumAt(4096, 4096));
      assertThat(host.mediumAt(1020 * 4096 + 16, 16)).containsOnly(0x51);
      Command read = Command.read(1, 1, READ, extended ? READ_METADATA : 0);
      good(host, read.crypto(15, 1, -4, READ_METADATA));
      assertThat(host.memoryAt(READ, 4096)).containsOnly(0x42);
      assertThat(host.memoryAt(READ_METADATA, 16)).containsOnly(0x51);
    }
  }

  @Test
  void zeroesAndDeallocatedBlocksHaveMetadataOfZeroes() {
    try (HandHost host = HandHost.ready(new LbaFormat(4096, 64));
        CryptoKey key = HandHost.key(4096)) {
      host.controller.crypto.program(1, key);
      host.fill(METADATA, 128, 0x51);
      good(host, Command.write(0, 2, DATA, DATA + 4096).metadata(METADATA));
      good(host, Command.writeZeroes(0, 1).crypto(15, 1, 0, 0));
      good(host, Command.deallocateZeroes(1, 1));
      Command read = Command.read(0, 2, READ, READ + 4096).crypto(15, 1, 0, READ_METADATA);
      host.fill(READ, 8192, 0x77);
      host.fill(READ_METADATA, 128, 0x77);
      good(host, read);
      assertThat(host.memoryAt(READ, 8192)).containsOnly(0);
      assertThat(host.memoryAt(READ_METADATA, 128)).containsOnly(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "512, 8, false, 0",
    "4096, 12, false, 0",
    "4096, 0, true, 0",
    "4096, 0, false, 1",
    "4096, 16, false, 2"
  })
  void thereAreNoOtherFormats(int block, int metadata, boolean extended, int protection) {
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> new LbaFormat(block, metadata, extended, protection, false));
  }

  /** A list of the pages that follow the one of DATA. */
  private static void list(HandHost host, int pages) {
    for (int i = 0; i < pages; i++) {
      host.memory.set(
          java.lang.foreign.ValueLayout.JAVA_LONG, LIST + 8L * i, DATA + 4096L * (i + 1));
    }
  }

  private static void good(HandHost host, Command command) {
    assertThat(NvmeStatus.describe(host.io(command))).isEqualTo("success");
  }
}
