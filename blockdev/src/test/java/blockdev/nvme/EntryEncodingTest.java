package blockdev.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The 64 and 16 bytes of ring entries, against the tables of NVMe Base 2.1. */
class EntryEncodingTest {
  private final MemorySegment ring = MemorySegment.ofArray(new long[16]);

  @Test
  void anEncryptedWriteWithForcedUnitAccess() {
    // 9 blocks from LBA 0x0102030405, slot 0x1D, number 0x99AABBCCDDEEFF00:1122334455667788.
    ring.fill((byte) 0xFF);
    SubmissionEntry.put(ring, 64, SubmissionEntry.WRITE, 0xABCD, 1, 0x10000, 0x23000);
    SubmissionEntry.putRange(ring, 64, 0x01_0203_0405L, 9, true);
    SubmissionEntry.putCrypto(ring, 64, 0x1D, 0x1122_3344_5566_7788L, 0x99AA_BBCC_DDEE_FF00L);
    assertThat(hex(64, 64))
        .isEqualTo(
            "01 00 cdab 01000000" // opcode, flags, command id, namespace
                .concat("88776655 44332211" + "00ffeedd ccbbaa99") // CDW2-3, CDW4-5
                .concat("00000100 00000000" + "00300200 00000000") // PRP1, PRP2
                .concat("05040302 01000000") // CDW10-11: LBA
                .concat("08000f40") // CDW12: 8 = blocks - 1, CETYPE Fh in 19:16, FUA in bit 30
                .concat("1d000000" + "00000000" + "00000000") // CDW13: CEV, CDW14-15
                .replace(" ", ""));
    assertThat(hex(0, 64)).as("the entry before").isEqualTo("ff".repeat(64));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    SubmissionEntry.put(ring, 0, SubmissionEntry.READ, 0xFFFE, 1, 4, 8);
    SubmissionEntry.putRange(ring, 0, 1L << 40, 65536, false);
    SubmissionEntry.putCrypto(ring, 0, 0xFFFE, -1, -2);
    assertThat(SubmissionEntry.opcode(ring, 0)).isEqualTo(2);
    assertThat(SubmissionEntry.commandId(ring, 0)).isEqualTo(0xFFFE);
    assertThat(SubmissionEntry.namespace(ring, 0)).isEqualTo(1);
    assertThat(SubmissionEntry.prp1(ring, 0)).isEqualTo(4);
    assertThat(SubmissionEntry.prp2(ring, 0)).isEqualTo(8);
    assertThat(SubmissionEntry.lba(ring, 0)).isEqualTo(1L << 40);
    assertThat(SubmissionEntry.isForceUnitAccess(ring, 0)).isFalse();
    assertThat(SubmissionEntry.commandExtensionType(ring, 0)).isEqualTo(0xF);
    assertThat(SubmissionEntry.slot(ring, 0)).isEqualTo(0xFFFE);
    assertThat(SubmissionEntry.dun0(ring, 0)).isEqualTo(-1);
    assertThat(SubmissionEntry.dun1(ring, 0)).isEqualTo(-2);
  }

  @ParameterizedTest
  @CsvSource({"1, 0000", "256, ff00", "65536, ffff"})
  void theNumberOfBlocksIsZeroBased(int blocks, String field) {
    SubmissionEntry.putRange(ring, 0, 0, blocks, false);
    assertThat(hex(48, 2)).isEqualTo(field);
    assertThat(SubmissionEntry.blocks(ring, 0)).isEqualTo(blocks);
  }

  @Test
  void aCompletion() {
    CompletionEntry.put(ring, 16, 0x12345678, 0x0203, 7, 0xABCD, NvmeStatus.LBA_OUT_OF_RANGE, 1);
    // status 080h with DNR, 4080h, shifted over the phase tag: 8101h
    assertThat(hex(16, 16)).isEqualTo("7856341200000000" + "0302" + "0700" + "cdab" + "0181");
    assertThat(CompletionEntry.result(ring, 16)).isEqualTo(0x12345678);
    assertThat(CompletionEntry.phase(ring, 16)).isEqualTo(1);
    assertThat(CompletionEntry.commandId(ring, 16)).isEqualTo(0xABCD);
    assertThat(CompletionEntry.status(ring, 16)).isEqualTo(NvmeStatus.LBA_OUT_OF_RANGE);
    assertThat(CompletionEntry.isDoNotRetry(ring, 16)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"000", "006", "007", "01D", "084"})
  void whatSucceededOrMaySucceedNextTimeIsNotMarked(String status) {
    int value = Integer.parseInt(status, 16);
    CompletionEntry.put(ring, 16, 0, 0, 0, 0, value, 0);
    assertThat(CompletionEntry.isDoNotRetry(ring, 16)).isFalse();
    assertThat(CompletionEntry.status(ring, 16)).isEqualTo(value);
  }

  private String hex(long at, int length) {
    return HexFormat.of().formatHex(ring.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE));
  }
}
