package zz
import ("testing";"fmt";"github.com/dop251/goja")
type lazy struct{ vm *goja.Runtime; m map[string]goja.Value }
func (l *lazy) Get(k string) goja.Value {
  if v,ok:=l.m[k]; ok { return v }
  switch k { case "str","iri","boom":
   v := l.vm.ToValue(func(c goja.FunctionCall) goja.Value {
     if k=="boom" {
       for _, f := range l.vm.CaptureCallStack(0,nil) { fmt.Println("frame", f.FuncName(), f.Position()) }
       panic(l.vm.NewTypeError("x"))
     }
     return l.vm.ToValue(k) })
   l.m[k]=v; return v }
  return nil }
func (l *lazy) Set(k string, v goja.Value) bool { return false }
func (l *lazy) Has(k string) bool { return k=="str"||k=="iri"||k=="boom" }
func (l *lazy) Delete(string) bool { return true }
func (l *lazy) Keys() []string { return nil }
func mk() *goja.Runtime { vm := goja.New(); l := &lazy{vm, map[string]goja.Value{}}; o := vm.NewDynamicObject(l); vm.GlobalObject().SetPrototype(o); return vm }
func TestX(t *testing.T) {
  vm := mk()
  for _, s := range []string{"str('x')", "typeof iri", "typeof nope", "iri = 5; iri", "var str = 7; str", "function boo(){return\n   boom(1,\n 2)}; 1+\n boo()", "toString()", "zork(1)", "let q = 1; q()", "g.x.y()", "str.foo()", "str.foo.bar.baz", "a b", "(1+", "'abc\n'", "throw {a:1}", "throw new Error('hi')"} {
    v, err := vm.RunScript("f.gizmo", s); fmt.Println(s, "=>", v, err)
    if e, ok := err.(*goja.Exception); ok { for _, f := range e.Stack() { fmt.Println("   ", f.FuncName(), f.Position()) } } else if err != nil { fmt.Printf("%T\n", err) }
  }
}
func BenchmarkNew(b *testing.B) { b.ReportAllocs(); for i := 0; i < b.N; i++ { goja.New() } }
func BenchmarkMk(b *testing.B) { b.ReportAllocs(); for i := 0; i < b.N; i++ { mk() } }
var p = goja.MustCompile("a","str('x')",false)
func BenchmarkMkRun(b *testing.B) { b.ReportAllocs(); for i := 0; i < b.N; i++ { if _, err := mk().RunProgram(p); err!=nil { b.Fatal(err)} } }
