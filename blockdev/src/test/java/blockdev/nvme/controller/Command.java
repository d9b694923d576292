package blockdev.nvme.controller;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A submission entry made by hand, at the byte offsets of the specification. */
public final class Command {
  public final ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);

  private Command() {}

  public static Command of(int opcode, int namespace) {
    Command command = new Command();
    command.bytes.put(0, (byte) opcode).putInt(4, namespace);
    return command;
  }

  public static Command write(long lba, int blocks, long prp1, long prp2) {
    return of(0x01, 1).range(lba, blocks).prp(prp1, prp2);
  }

  public static Command read(long lba, int blocks, long prp1, long prp2) {
    return of(0x02, 1).range(lba, blocks).prp(prp1, prp2);
  }

  public static Command compare(long lba, int blocks, long prp1, long prp2) {
    return of(0x05, 1).range(lba, blocks).prp(prp1, prp2);
  }

  public static Command verify(long lba, int blocks) {
    return of(0x0C, 1).range(lba, blocks);
  }

  public static Command writeZeroes(long lba, int blocks) {
    return of(0x08, 1).range(lba, blocks);
  }

  /** Write Zeroes with DEAC. */
  public static Command deallocateZeroes(long lba, int blocks) {
    return writeZeroes(lba, blocks).cdw12(1 << 25);
  }

  public static Command writeUncorrectable(long lba, int blocks) {
    return of(0x04, 1).range(lba, blocks);
  }

  /** Dataset Management with AD and ranges that lie at {@code prp1}. */
  public static Command deallocate(int ranges, long prp1) {
    return of(0x09, 1).cdw10And11(ranges - 1, 1 << 2).prp(prp1, 0);
  }

  /** Copy of {@code ranges} source ranges at {@code prp1}, in format 0h to 3h, to {@code lba}. */
  public static Command copy(long lba, int ranges, int format, long prp1) {
    Command command = of(0x19, 1).prp(prp1, 0);
    command.bytes.putLong(40, lba);
    return command.cdw12(ranges - 1 | format << 8);
  }

  /** Adds bits to CDW12. */
  public Command cdw12(int bits) {
    bytes.putInt(48, bytes.getInt(48) | bits);
    return this;
  }

  public Command forceUnitAccess() {
    return cdw12(1 << 30);
  }

  /** FUSE: 1 for the first of a pair, 2 for the second. */
  public Command fused(int order) {
    return put(1, order);
  }

  public Command metadata(long offset) {
    bytes.putLong(16, offset);
    return this;
  }

  /** PRINFO (8 PRACT, 4 guard, 2 application tag, 1 reference tag), and the tags. */
  public Command protection(int info, long reference, int tag, int mask) {
    bytes.putInt(56, (int) reference).putInt(60, tag | mask << 16);
    return cdw12(info << 26);
  }

  public Command range(long lba, int blocks) {
    bytes.putLong(40, lba).putInt(48, blocks - 1);
    return this;
  }

  public Command prp(long prp1, long prp2) {
    bytes.putLong(24, prp1).putLong(32, prp2);
    return this;
  }

  /** CETYPE, CEV and the two limbs of the data unit number. */
  public Command crypto(int extensionType, int slot, long dun0, long dun1) {
    bytes.putLong(8, dun0).putLong(16, dun1).putInt(52, slot);
    bytes.putInt(48, bytes.getInt(48) | extensionType << 16);
    return this;
  }

  public Command put(int offset, int value) {
    bytes.put(offset, (byte) value);
    return this;
  }

  public Command cdw10And11(int cdw10, int cdw11) {
    bytes.putInt(40, cdw10).putInt(44, cdw11);
    return this;
  }
}
