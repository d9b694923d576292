package inlinecrypt.engine;

class JceEngineTest extends CipherEngineContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("jce");
  }
}
