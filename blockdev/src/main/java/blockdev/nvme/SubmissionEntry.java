package blockdev.nvme;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A submission queue entry, 64 bytes little-endian (NVMe Base 2.1, figure "Common Command Format"):
 *
 * <pre>
 *  0 opcode | 1 flags | 2 command id (2) | 4 namespace (4) | 8 CDW2, CDW3 | 16 CDW4, CDW5
 * 24 PRP1 (8) | 32 PRP2 (8) | 40 CDW10 … 60 CDW15
 * </pre>
 *
 * <p>Static accessors over a ring: {@code at} is the entry's first byte.
 */
public final class SubmissionEntry {
  public static final int BYTES = 64;

  public static final int FLUSH = 0x00;
  public static final int WRITE = 0x01;
  public static final int READ = 0x02;
  public static final int WRITE_UNCORRECTABLE = 0x04;
  public static final int COMPARE = 0x05;
  public static final int WRITE_ZEROES = 0x08;
  public static final int DATASET_MANAGEMENT = 0x09;
  public static final int VERIFY = 0x0C;
  public static final int COPY = 0x19;

  /** CETYPE of commands that carry a key tag (KPIOTAG). */
  public static final int CETYPE_KEY_TAG = 1;

  /** FUSE of the first and of the second command of a fused pair. */
  public static final int FUSED_FIRST = 1;

  public static final int FUSED_SECOND = 2;

  /** Bits of {@link #protection}: the device makes, or takes away, protection information. */
  public static final int PROTECTION_ACTION = 8;

  public static final int PROTECTION_CHECK_GUARD = 4;
  public static final int PROTECTION_CHECK_APPLICATION_TAG = 2;
  public static final int PROTECTION_CHECK_REFERENCE_TAG = 1;

  /** DEAC, in CDW12 of Write Zeroes. */
  public static final int DEALLOCATE_ZEROES = 1 << 25;

  /** NSZ, in CDW12 of Write Zeroes. */
  public static final int NAMESPACE_ZEROES = 1 << 23;

  /** AD, in CDW11 of Dataset Management. */
  public static final int DEALLOCATE = 1 << 2;

  /** CETYPE of commands that carry a keyslot and a data unit number. */
  public static final int CETYPE_INLINE_CRYPTO = 0xF;

  /** CEV of commands that carry a key block and no slot. */
  public static final int CEV_KEY_BLOCK = 0xFFFF;

  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int OPCODE = 0;
  private static final int FLAGS = 1;
  private static final int COMMAND_ID = 2;
  private static final int NAMESPACE = 4;
  private static final int CDW2 = 8;
  private static final int CDW4 = 16;
  private static final int PRP1 = 24;
  private static final int PRP2 = 32;
  private static final int CDW10 = 40;
  private static final int CDW12 = 48;
  private static final int CDW13 = 52;
  private static final int CDW14 = 56;
  private static final int CDW15 = 60;

  private static final int FUA_BIT = 30;
  private static final int PRINFO_SHIFT = 26;
  private static final int CETYPE_SHIFT = 16;

  private SubmissionEntry() {}

  /** Writes an entry whose command dwords are zero. */
  public static void put(
      MemorySegment ring, long at, int opcode, int commandId, int namespace, long prp1, long prp2) {
    ring.set(INT, at + OPCODE, opcode | commandId << 16);
    ring.set(INT, at + NAMESPACE, namespace);
    ring.set(LONG, at + CDW2, 0L);
    ring.set(LONG, at + CDW4, 0L);
    ring.set(LONG, at + PRP1, prp1);
    ring.set(LONG, at + PRP2, prp2);
    ring.set(LONG, at + CDW10, 0L);
    ring.set(LONG, at + CDW12, 0L);
    ring.set(LONG, at + CDW14, 0L);
  }

  /**
   * Adds the dwords of Read and Write.
   *
   * @param blocks logical blocks, from 1; the entry holds one less
   */
  public static void putRange(
      MemorySegment ring, long at, long lba, int blocks, boolean forceUnitAccess) {
    ring.set(LONG, at + CDW10, lba);
    ring.set(INT, at + CDW12, (blocks - 1) | (forceUnitAccess ? 1 << FUA_BIT : 0));
  }

  /** Adds the inline-crypto extension to a Read or Write. */
  public static void putCrypto(MemorySegment ring, long at, int slot, long dun0, long dun1) {
    ring.set(LONG, at + CDW2, dun0);
    ring.set(LONG, at + CDW4, dun1);
    ring.set(INT, at + CDW12, ring.get(INT, at + CDW12) | CETYPE_INLINE_CRYPTO << CETYPE_SHIFT);
    ring.set(INT, at + CDW13, slot);
  }

  /** Adds a key tag to a command that moves data. */
  public static void putKeyTag(MemorySegment ring, long at, int keyTag) {
    ring.set(INT, at + CDW12, ring.get(INT, at + CDW12) | CETYPE_KEY_TAG << CETYPE_SHIFT);
    ring.set(INT, at + CDW13, keyTag);
  }

  /** Adds the address of the {@link KeyBlock} to a command whose slot is {@link #CEV_KEY_BLOCK}. */
  public static void putKeyBlock(MemorySegment ring, long at, long offset) {
    ring.set(LONG, at + CDW14, offset);
  }

  /** Adds where metadata lies that has a buffer of its own. */
  public static void putMetadataPointer(MemorySegment ring, long at, long offset) {
    ring.set(LONG, at + CDW4, offset);
  }

  /**
   * Adds what is to be done about protection information, for a range that was put before.
   *
   * @param protection a sum of the bits that begin with PROTECTION
   * @param initialReference the reference tag of the first block
   */
  public static void putProtection(
      MemorySegment ring, long at, int protection, int initialReference) {
    ring.set(INT, at + CDW12, ring.get(INT, at + CDW12) | protection << PRINFO_SHIFT);
    ring.set(INT, at + CDW14, initialReference);
  }

  /** Adds {@code bits} to those of CDW12, after the range. */
  public static void addCdw12(MemorySegment ring, long at, int bits) {
    ring.set(INT, at + CDW12, ring.get(INT, at + CDW12) | bits);
  }

  /** Sets a command dword, {@code number} from 10 to 15. */
  public static void putCdw(MemorySegment ring, long at, int number, int value) {
    ring.set(INT, at + CDW10 + (long) Integer.BYTES * (number - 10), value);
  }

  public static int opcode(MemorySegment ring, long at) {
    return ring.get(ValueLayout.JAVA_BYTE, at + OPCODE) & 0xFF;
  }

  /** FUSE in bits 1:0, PSDT in 7:6. */
  public static int flags(MemorySegment ring, long at) {
    return ring.get(ValueLayout.JAVA_BYTE, at + FLAGS) & 0xFF;
  }

  /**
   * 0 for a plain command, {@link #FUSED_FIRST}, {@link #FUSED_SECOND}, or 3, which is reserved.
   */
  public static int fuse(MemorySegment ring, long at) {
    return ring.get(ValueLayout.JAVA_BYTE, at + FLAGS) & 3;
  }

  public static int commandId(MemorySegment ring, long at) {
    return ring.get(SHORT, at + COMMAND_ID) & 0xFFFF;
  }

  public static int namespace(MemorySegment ring, long at) {
    return ring.get(INT, at + NAMESPACE);
  }

  public static long prp1(MemorySegment ring, long at) {
    return ring.get(LONG, at + PRP1);
  }

  public static long prp2(MemorySegment ring, long at) {
    return ring.get(LONG, at + PRP2);
  }

  /** A command dword, {@code number} from 10 to 15. */
  public static int cdw(MemorySegment ring, long at, int number) {
    return ring.get(INT, at + CDW10 + (long) Integer.BYTES * (number - 10));
  }

  /** Command dword 10, and above it 11. */
  public static long cdw10And11(MemorySegment ring, long at) {
    return ring.get(LONG, at + CDW10);
  }

  public static long metadataPointer(MemorySegment ring, long at) {
    return ring.get(LONG, at + CDW4);
  }

  /** PRINFO, a sum of the bits that begin with PROTECTION. */
  public static int protection(MemorySegment ring, long at) {
    return ring.get(INT, at + CDW12) >>> PRINFO_SHIFT & 0xF;
  }

  /** The (expected) initial reference tag. */
  public static int initialReference(MemorySegment ring, long at) {
    return ring.get(INT, at + CDW14);
  }

  /** The (expected) application tag. */
  public static int applicationTag(MemorySegment ring, long at) {
    return ring.get(SHORT, at + CDW15) & 0xFFFF;
  }

  /** Which bits of the application tag are checked. */
  public static int applicationTagMask(MemorySegment ring, long at) {
    return ring.get(SHORT, at + CDW15 + 2) & 0xFFFF;
  }

  public static long lba(MemorySegment ring, long at) {
    return ring.get(LONG, at + CDW10);
  }

  /** Logical blocks, from 1 to 65536: the field is zero-based, and this is where that ends. */
  public static int blocks(MemorySegment ring, long at) {
    return (ring.get(INT, at + CDW12) & 0xFFFF) + 1;
  }

  public static boolean isForceUnitAccess(MemorySegment ring, long at) {
    return (ring.get(INT, at + CDW12) >>> FUA_BIT & 1) != 0;
  }

  /** Command extension type: 0, or {@link #CETYPE_INLINE_CRYPTO}. */
  public static int commandExtensionType(MemorySegment ring, long at) {
    return ring.get(INT, at + CDW12) >>> CETYPE_SHIFT & 0xF;
  }

  /** Command extension value: the keyslot. */
  public static int slot(MemorySegment ring, long at) {
    return ring.get(INT, at + CDW13) & 0xFFFF;
  }

  /** Where the {@link KeyBlock} is in host memory. */
  public static long keyBlock(MemorySegment ring, long at) {
    return ring.get(LONG, at + CDW14);
  }

  public static long dun0(MemorySegment ring, long at) {
    return ring.get(LONG, at + CDW2);
  }

  public static long dun1(MemorySegment ring, long at) {
    return ring.get(LONG, at + CDW4);
  }
}
