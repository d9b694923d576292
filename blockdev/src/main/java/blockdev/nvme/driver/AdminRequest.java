package blockdev.nvme.driver;

import blockdev.nvme.SubmissionEntry;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** An admin command that the host wants executed. */
final class AdminRequest {
  private final int opcode;
  private final int namespace;
  private long prp1;
  private long prp2;
  private final int[] dwords = new int[6];

  AdminRequest(int opcode, int namespace) {
    this.opcode = opcode;
    this.namespace = namespace;
  }

  /** With a buffer that lies in one page of host memory. */
  AdminRequest data(long offset) {
    prp1 = offset;
    return this;
  }

  /** With a buffer of up to two pages, or the list of its pages after the first. */
  AdminRequest data(long first, long secondOrList) {
    prp1 = first;
    prp2 = secondOrList;
    return this;
  }

  /** With a command dword, {@code number} from 10 to 15. */
  AdminRequest cdw(int number, int value) {
    dwords[number - 10] = value;
    return this;
  }

  void put(MemorySegment ring, long at, int commandId) {
    SubmissionEntry.put(ring, at, opcode, commandId, namespace, prp1, prp2);
    for (int i = 0; i < dwords.length; i++) {
      SubmissionEntry.putCdw(ring, at, 10 + i, dwords[i]);
    }
  }

  @Override
  public String toString() {
    return String.format("admin command %02xh %s", opcode, Arrays.toString(dwords));
  }
}
