package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoKey;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the controller refuses, with which status. Blocks have 512 bytes, slot 0 holds a key for
 * data units of 4096 bytes, and the page at 1 MiB is a PRP list.
 */
class RefusedCommandTest {
  private static final int PAGE = 4096;
  private static final long LIST = 1 << 20;
  private static final MemorySegment ZEROES =
      MemorySegment.ofArray(new byte[HandHost.MEDIUM_BYTES]);
  private static final long BLOCKS = HandHost.MEDIUM_BYTES / 512;

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments("unknown opcode", write().put(0, 0x03), NvmeStatus.INVALID_OPCODE),
        arguments("vendor opcode", write().put(0, 0xFF), NvmeStatus.INVALID_OPCODE),
        arguments("fused alone", write().put(1, 0x01), NvmeStatus.ABORTED_MISSING_FUSED),
        arguments("second alone", write().put(1, 0x02), NvmeStatus.ABORTED_MISSING_FUSED),
        arguments("FUSE 3", write().put(1, 0x03), NvmeStatus.INVALID_FIELD),
        arguments("reserved flags", write().put(1, 0x04), NvmeStatus.INVALID_FIELD),
        arguments("SGL", write().put(1, 0x40), NvmeStatus.INVALID_FIELD),
        arguments("namespace 0", write().put(4, 0), NvmeStatus.INVALID_NAMESPACE),
        arguments("namespace 2", write().put(4, 2), NvmeStatus.INVALID_NAMESPACE),
        arguments("all namespaces", write().put(7, 0xFF), NvmeStatus.INVALID_NAMESPACE),
        arguments("from the end", write().range(BLOCKS, 1), NvmeStatus.LBA_OUT_OF_RANGE),
        arguments("over the end", write().range(BLOCKS - 1, 2), NvmeStatus.LBA_OUT_OF_RANGE),
        arguments("LBA 2^64 - 1", write().range(-1, 1), NvmeStatus.LBA_OUT_OF_RANGE),
        arguments("LBA 2^63 - 1", write().range(Long.MAX_VALUE, 8), NvmeStatus.LBA_OUT_OF_RANGE),
        arguments("LBA 2^55", write().range(1L << 55, 8), NvmeStatus.LBA_OUT_OF_RANGE),
        arguments("over MDTS", write().range(0, 2049), NvmeStatus.INVALID_FIELD),
        arguments("odd address", write().prp(2, 0), NvmeStatus.PRP_OFFSET_INVALID),
        arguments(
            "PRP1 outside", write().prp(HandHost.MEMORY_BYTES, 0), NvmeStatus.DATA_TRANSFER_ERROR),
        arguments("PRP1 negative", write().prp(-PAGE, 0), NvmeStatus.DATA_TRANSFER_ERROR),
        arguments("PRP1 huge", write().prp(1L << 62, 0), NvmeStatus.DATA_TRANSFER_ERROR),
        arguments("PRP2 in a page", twoPages().prp(0, 512), NvmeStatus.PRP_OFFSET_INVALID),
        arguments("PRP2 outside", twoPages().prp(0, 1L << 40), NvmeStatus.DATA_TRANSFER_ERROR),
        arguments("list misaligned", list(LIST + 4), NvmeStatus.PRP_OFFSET_INVALID),
        arguments("list outside", list(HandHost.MEMORY_BYTES), NvmeStatus.DATA_TRANSFER_ERROR),
        arguments("list negative", list(-8), NvmeStatus.DATA_TRANSFER_ERROR),
        arguments("list entry in a page", list(LIST + 16), NvmeStatus.PRP_OFFSET_INVALID),
        arguments("list entry outside", list(LIST + 24), NvmeStatus.DATA_TRANSFER_ERROR),
        arguments("chain in a page", list(LIST + PAGE - 8), NvmeStatus.PRP_OFFSET_INVALID),
        arguments("CETYPE 1", crypto(1, 0), NvmeStatus.INVALID_FIELD),
        arguments("CETYPE 14", crypto(14, 0), NvmeStatus.INVALID_FIELD),
        arguments("slot 4 of 4", crypto(15, 4), NvmeStatus.INVALID_FIELD),
        arguments("slot FFFFh", crypto(15, 0xFFFF), NvmeStatus.INVALID_FIELD),
        arguments("empty slot", crypto(15, 1), NvmeStatus.INVALID_KEY_TAG),
        arguments(
            "zeroes over the end", zeroes().range(BLOCKS - 1, 2), NvmeStatus.LBA_OUT_OF_RANGE),
        arguments("zeroes in namespace 2", zeroes().put(4, 2), NvmeStatus.INVALID_NAMESPACE),
        arguments("zeroes of all", zeroes().cdw12(1 << 23), NvmeStatus.INVALID_FIELD),
        arguments(
            "zeroes of a part of a data unit",
            zeroes().crypto(15, 0, 0, 0),
            NvmeStatus.INVALID_FIELD),
        arguments("zeroes, empty slot", zeroes().crypto(15, 1, 0, 0), NvmeStatus.INVALID_KEY_TAG),
        arguments(
            "uncorrectable over the end",
            Command.of(0x04, 1).range(BLOCKS, 1),
            NvmeStatus.LBA_OUT_OF_RANGE),
        arguments("ranges outside", Command.deallocate(1, -8), NvmeStatus.DATA_TRANSFER_ERROR),
        arguments("ranges in a dword", Command.deallocate(1, 2), NvmeStatus.PRP_OFFSET_INVALID),
        arguments("compare over MDTS", compare().range(0, 2049), NvmeStatus.INVALID_FIELD),
        arguments("compare outside", compare().prp(-4096, 0), NvmeStatus.DATA_TRANSFER_ERROR),
        arguments("compare SGL", compare().put(1, 0x80), NvmeStatus.INVALID_FIELD),
        arguments(
            "verify over the end", Command.verify(BLOCKS - 7, 8), NvmeStatus.LBA_OUT_OF_RANGE),
        arguments(
            "a part of a data unit",
            Command.write(0, 1, 0, 0).crypto(15, 0, 0, 0),
            NvmeStatus.INVALID_FIELD),
        arguments(
            "a data unit in two places",
            Command.write(0, 8, 2048, 5 * PAGE).crypto(15, 0, 0, 0),
            NvmeStatus.INVALID_FIELD));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aBadCommandGetsItsStatusAndWritesNothing(String what, Command command, int status) {
    try (HandHost host = HandHost.ready(512, 4);
        CryptoKey key = HandHost.key(4096)) {
      host.controller.crypto.program(0, key);
      host.fill(0, 1 << 20, 0x55);
      host.memory.set(ValueLayout.JAVA_LONG, LIST + 16, PAGE + 512);
      host.memory.set(ValueLayout.JAVA_LONG, LIST + 24, 1L << 40);
      host.memory.set(ValueLayout.JAVA_LONG, LIST + PAGE - 8, PAGE + 8);

      assertThat(NvmeStatus.describe(host.io(command))).isEqualTo(NvmeStatus.describe(status));
      assertThat(host.medium.segment().mismatch(ZEROES)).isEqualTo(-1);

      assertThat(host.io(Command.write(0, 1, 0, 0))).as("alive").isEqualTo(NvmeStatus.SUCCESS);
      assertThat(host.mediumAt(0, 512)).containsOnly(0x55);
    }
  }

  @Test
  void theLastBlockCanBeWritten() {
    try (HandHost host = HandHost.ready(512, 4)) {
      host.fill(0, 512, 0x55);
      assertThat(host.io(write().range(BLOCKS - 1, 1))).isEqualTo(NvmeStatus.SUCCESS);
      assertThat(host.mediumAt(HandHost.MEDIUM_BYTES - 512, 512)).containsOnly(0x55);
    }
  }

  private static Command write() {
    return Command.write(0, 8, 0, 0);
  }

  private static Command zeroes() {
    return Command.writeZeroes(0, 7);
  }

  private static Command compare() {
    return Command.compare(0, 8, 0, 0);
  }

  private static Command twoPages() {
    return Command.write(0, 16, 0, 0);
  }

  private static Command list(long at) {
    return Command.write(0, 24, 0, at);
  }

  private static Command crypto(int extensionType, int slot) {
    return write().crypto(extensionType, slot, 0, 0);
  }
}
