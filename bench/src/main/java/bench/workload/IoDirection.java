package bench.workload;

import blockdev.bio.BioOp;

/** What an I/O of a job does, in fio's order. */
public enum IoDirection {
  READ("read", BioOp.READ),
  WRITE("write", BioOp.WRITE),
  TRIM("trim", BioOp.DISCARD);

  private final String label;
  private final BioOp op;

  IoDirection(String label, BioOp op) {
    this.label = label;
    this.op = op;
  }

  /** Its name in reports. */
  public String label() {
    return label;
  }

  BioOp op() {
    return op;
  }
}
