// The script of every page: registers the elements that pages may hold.

import "./elements/copy-button-define";
import "./elements/query-editor-define";
import { followPassages } from "./passages";

followPassages();
