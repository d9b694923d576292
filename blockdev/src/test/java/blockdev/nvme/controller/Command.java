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

  public Command id(int commandId) {
    bytes.putShort(2, (short) commandId);
    return this;
  }

  /** A command dword, {@code number} from 10 to 15. */
  public Command cdw(int number, int value) {
    bytes.putInt(4 * number, value);
    return this;
  }

  public Command cdw10And11(int cdw10, int cdw11) {
    bytes.putInt(40, cdw10).putInt(44, cdw11);
    return this;
  }
}
