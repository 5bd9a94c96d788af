// Queries are bundled as text.
declare module "*.rq" {
  const text: string;
  export default text;
}
